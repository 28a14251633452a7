// What a browser remembers of being asked: counts and days, under one name, sent to nobody.
import { weekOf } from "./choosing.js";
import { NAME } from "./forgetting.js";

const MOST_WEEKS = 53, MOST_VIEWS = 200, MOST_TESTS = 50;

export const today = () => Math.floor(Date.now() / 864e5);

export const recall = () => {
  const [drawn] = crypto.getRandomValues(new Uint32Array(1));
  const fresh = { number: drawn, reads: {}, views: [], closed: {}, arms: {} };
  try {
    const kept = { ...fresh, ...JSON.parse(localStorage.getItem(NAME)) };
    const isStrange = (name) => kept[name]?.constructor !== fresh[name].constructor;
    return Object.keys(fresh).some(isStrange) ? fresh : kept;
  } catch {
    return fresh; // storage is refused
  }
};

// The last of each place: one that is shown without end makes none forget the others.
const last = (views, count = {}) => [...views].reverse()
  .filter(({ 0: place }) => (count[place] = 1 + (count[place] ?? 0)) <= MOST_VIEWS).reverse();

// Changes what is remembered, after what other tabs wrote; false where storage is refused.
export const note = (change) => {
  const memory = recall(), week = weekOf(today());
  change(memory);
  const recent = Object.entries(memory.reads).filter(([then]) => then > week - MOST_WEEKS);
  memory.reads = Object.fromEntries(recent);
  memory.views = last(memory.views);
  memory.arms = Object.fromEntries(Object.entries(memory.arms).slice(-MOST_TESTS));
  try {
    localStorage.setItem(NAME, JSON.stringify(memory));
    return true;
  } catch {
    return false;
  }
};

// What opening this page adds: a story read, what its address or `did` says was done.
export const remember = (isStory, did = location.hash.slice(1)) => {
  const { hash, pathname, search } = location;
  if (["#gave", "#later"].includes(hash)) history.replaceState(null, "", pathname + search);
  return note((memory) => {
    const week = weekOf(today());
    if (isStory) memory.reads[week] = 1 + (memory.reads[week] ?? 0);
    if (["gave", "later"].includes(did)) memory[did] = today();
  });
};
