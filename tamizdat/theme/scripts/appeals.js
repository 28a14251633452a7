//# allFunctionsCalledOnLoad
// Asks what the reader's browser chooses, on a page of ours.
import { recall, remember } from "./parts/memory.js";
import { find, listed, readerOf, stage } from "./parts/reader.js";
import { fragment, keyOf, put, reveal } from "./parts/stage.js";
import { asking } from "./parts/asking.js";

const { lang } = document.documentElement;
const done = find("[data-did]"), isKept = remember(stage.ask, done?.dataset.did);

const asks = !done && await listed("/", lang).catch(() => null); // a page that thanks asks nothing
if (asks) {
  const stand = async (place, id) => {
    const isThere = id && keyOf(stage[place]) === id;
    return isThere ? stage[place] : put(place, id && await fragment("/", lang, id, place));
  };
  const ask = asking(asks, readerOf(recall(), asks), { stand, from: location.pathname, isKept });
  await Promise.all([ask("banner"), stage.ask && ask("ask")]);
} else if (!done && stage.banner) reveal("banner", stage.banner); // a copy of one page has no list
