//# allFunctionsCalledOnLoad
// Asks what the reader's browser chooses, on a page of the newsroom's that we did not bake:
// <script type="module" src="https://news.example/elsewhere.js" data-after=".post"></script>
import { recall, remember } from "./parts/memory.js";
import { forget } from "./parts/forgetting.js";
import { guess, listed } from "./parts/reader.js";
import { fragment } from "./parts/stage.js";
import { asking } from "./parts/asking.js";
import { at, hosted } from "./parts/shadow.js";

const { dataset: told } = [...document.scripts].find(({ src }) => src === import.meta.url);
const lang = told.lang ?? document.documentElement.lang.split("-")[0];

// An ask stands in place of an element that says so, else after the last of some.
const kept = document.querySelector("[data-tamizdat-ask]");
const story = kept ?? (told.after && [...document.querySelectorAll(told.after)].at(-1));
let asks;
const edge = () => story.getBoundingClientRect()[kept ? "top" : "bottom"];

const stand = async (place, id, rule) => {
  // Who is not to be asked is not asked by the page's own words either.
  if (place === "ask" && kept && rule?.place !== "ask") kept.style.visibility = "hidden";
  const element = id && await fragment(at("."), lang, id, place);
  if (!element) return null;
  const { host, styled } = hosted(element, lang, asks.dir);
  if (place === "ask") story.after(host);
  else document.body.append(host);
  host.style.setProperty("--rem", getComputedStyle(host).fontSize);
  host.style.fontSize = "";
  await styled;
  // What is being read does not move.
  if (place === "ask" && edge() < innerHeight) return host.remove();
  if (place === "ask") kept?.remove();
  host.hidden = false;
  return element;
};

const isKept = remember(story);
for (const link of document.querySelectorAll("[data-tamizdat-forget]")) {
  link.hidden = false;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    forget();
    link.replaceWith(link.dataset.tamizdatForget);
  });
}
try {
  asks = await listed(at("."), lang);
  const topics = told.topics?.split(" ").filter(Boolean) ?? [];
  const reader = { ...recall(), ...guess(asks), section: told.section ?? "", topics };
  const own = document.querySelector("link[rel=canonical]")?.href;
  const from = own?.startsWith(`${location.origin}/`) ? own : location.origin + location.pathname;
  const ask = asking({ ...asks, count: at(asks.count) }, reader, { stand, from, isKept });
  await Promise.all([ask("banner"), story && ask("ask")]);
} catch {}
// Where we cannot be reached, what the page says by itself stays.
