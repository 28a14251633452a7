// Asks what the reader's browser chooses, remembers it there, and counts what experiments ask.
import { armOf, choose, weekOf } from "./parts/choosing.js";
import { note, recall, today } from "./parts/memory.js";
import { find, readerOf, stage } from "./parts/reader.js";
import { carry, closable, onView } from "./parts/acting.js";
import { fragment, keyOf, put, reveal } from "./parts/stage.js";

const { lang } = document.documentElement, counts = {};
const done = find("[data-did]"), did = done?.dataset.did ?? location.hash.slice(1);
const isKept = note((memory) => {
  const week = weekOf(today());
  if (stage.ask) memory.reads[week] = 1 + (memory.reads[week] ?? 0);
  if (["gave", "later"].includes(did)) memory[did] = today();
});
if (["#gave", "#later"].includes(location.hash)) history.replaceState(null, "", location.pathname);

const count = (test, arm, what) => {
  if (!test || !isKept) return; // a browser that forgets would be met again and again
  const ofArm = (counts[test] ??= {})[arm] ??= { met: 0, view: 0, close: 0, click: 0 };
  ofArm[what] += 1;
};
const meet = (asks, test, reader) => {
  const arm = armOf(asks.tests[test], test, reader);
  if (reader.arms[test] !== arm) count(test, arm, "met");
  note((memory) => { reader.arms[test] = memory.arms[test] = arm; });
};
const ask = async (asks, place, reader) => {
  const { id, met } = choose(asks, place, reader);
  const rule = asks.rules.find((each) => each.id === id), { test, arm } = rule ?? {};
  for (const one of met) meet(asks, one, reader);
  const isThere = id && keyOf(stage[place]) === id;
  const element = isThere ? stage[place] : put(place, id && await fragment(lang, id, place));
  if (!element) return;
  reveal(place, element);
  carry(element, rule);
  onView(element, () => {
    note((memory) => { memory.views.push([rule.place, today()]); });
    count(test, arm, "view");
  });
  element.addEventListener("submit", () => count(test, arm, "click"));
  element.querySelector("a")?.addEventListener("click", () => count(test, arm, "click"));
  if (place === "banner") closable(element, asks.close, () => {
    note((memory) => { memory.closed[rule.place] = today(); });
    count(test, arm, "close");
  });
};

if (!done) try { // a page that thanks asks for nothing
  const asks = await (await fetch(`/appeals/${lang}.json`)).json();
  const reader = readerOf(recall(), asks);
  await Promise.all([ask(asks, "banner", reader), stage.ask && ask(asks, "ask", reader)]);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden || !Object.keys(counts).length) return;
    navigator.sendBeacon(asks.count, JSON.stringify(counts));
    for (const test of Object.keys(counts)) delete counts[test];
  });
} catch {
  if (stage.banner) reveal("banner", stage.banner); // a copy of one page has no list
}
