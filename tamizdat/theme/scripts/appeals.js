// Asks what the reader's browser chooses, on a page of ours.
import { recall, remember } from "./parts/memory.js";
import { find, listed, readerOf, stage } from "./parts/reader.js";
import { fragment, keyOf, put, reveal } from "./parts/stage.js";
import { asking } from "./parts/asking.js";

const { lang } = document.documentElement;
const done = find("[data-did]"), isKept = remember(stage.ask, done?.dataset.did);

if (!done) try { // a page that thanks asks for nothing
  const asks = await listed("/", lang);
  const stand = async (place, id) => {
    const isThere = id && keyOf(stage[place]) === id;
    const element = isThere ? stage[place] : put(place, id && await fragment("/", lang, id, place));
    if (element) reveal(place, element);
    return element;
  };
  const ask = asking(asks, readerOf(recall(), asks), { stand, from: location.pathname, isKept });
  await Promise.all([ask("banner"), stage.ask && ask("ask")]);
} catch {
  if (stage.banner) reveal("banner", stage.banner); // a copy of one page has no list
}
