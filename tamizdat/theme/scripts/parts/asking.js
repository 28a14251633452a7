// Shows what is chosen, remembers it, and counts what experiments ask; on any page.
import { armOf, choose } from "./choosing.js";
import { note, today } from "./memory.js";
import { carry, closable, onView } from "./acting.js";
import { reveal } from "./stage.js";

// `stand` puts the message with an id at a place, unseen, and gives its element, if there is one;
// `from` is what a gift says of the page; a browser that forgets is not `isKept`.
export const asking = (asks, reader, { stand, from, isKept }) => {
  const counts = {};
  const count = (test, arm, what) => {
    if (!test || !isKept) return; // it would be met again and again
    const ofArm = (counts[test] ??= {})[arm] ??= { met: 0, view: 0, close: 0, click: 0 };
    ofArm[what] += 1;
  };
  const meet = (test) => {
    const arm = armOf(asks.tests[test], test, reader);
    if (reader.arms[test] !== arm) count(test, arm, "met");
    note((memory) => { reader.arms[test] = memory.arms[test] = arm; });
  };
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden || !Object.keys(counts).length) return;
    navigator.sendBeacon(asks.count, JSON.stringify(counts));
    for (const test of Object.keys(counts)) delete counts[test];
  });
  return async (place) => {
    const { id, met } = choose(asks, place, reader);
    const rule = asks.rules.find((each) => each.id === id), { test, arm } = rule ?? {};
    met.forEach(meet);
    const element = await stand(place, id, rule);
    if (!element) return;
    carry(element, isKept ? rule : { id }, from); // who is counted in no arm gives in none
    onView(element, () => {
      note((memory) => { memory.views.push([rule.place, today()]); });
      count(test, arm, "view");
    });
    element.addEventListener("submit", ({ submitter }) => {
      if (!submitter?.hasAttribute("formaction")) count(test, arm, "click"); // else: not today
    });
    element.querySelector("a")?.addEventListener("click", () => count(test, arm, "click"));
    if (place === "banner") closable(element, asks.close, () => {
      note((memory) => { memory.closed[rule.place] = today(); });
      count(test, arm, "close");
    });
    reveal(place, element);
  };
};
