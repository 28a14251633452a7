// Decides as tamizdat/appeals/choosing.py does; tests hold the two against one table of cases.
const ASKING = ["banner", "ask"];
export const weekOf = (day) => Math.floor((day + 3) / 7); // it begins on a Monday
// FNV-1a, 32 bits, of ASCII.
export const mix = (text) => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
};
const within = (then, days, today) => then !== undefined && today - then < days;
// Asked by many rules, worked out once.
const once = (work, known = {}) => (key) => known[key] ??= work(key);
// Code that runs once is quicker with numbered places than with names taken out of a list.
const counted = (read, { storiesIn }) => {
  const count = storiesIn(read[2]);
  return count >= read[0] && (read[1] === null || count <= read[1]);
};
const rested = (views, { today, seen }) => (views[0] === null
    || seen.filter((day) => within(day, views[1], today)).length < views[0])
  && !seen.some((day) => within(day, views[2], today));
const among = (names, values) => values.some((value) => names.includes(value));

const matches = (rule, reader, past) => (rule.countries?.includes(past.country) ?? true)
  && !rule.not_countries?.includes(past.country)
  && (rule.sections?.includes(reader.section) ?? true) && !rule.not_sections?.includes(reader.section)
  && (!rule.topics || among(rule.topics, reader.topics))
  && !(rule.not_topics && among(rule.not_topics, reader.topics))
  && (rule.soft || !reader.sensitive) && (!rule.device || rule.device === reader.device)
  && !(reader.minute < rule.begins) && !(reader.minute >= rule.ends)
  && !within(reader.closed[rule.place], rule.closed, past.today)
  && !within(reader.gave, rule.gave, past.today) && !within(reader.later, rule.later, past.today)
  && (!rule.views || rested(rule.views, past)) && (!rule.read || counted(rule.read, past));

export const armOf = ({ arms, shares }, test, reader) => {
  if (arms.includes(reader.arms[test])) return reader.arms[test];
  let left = mix(`${reader.number}.${test}`) % 10000;
  return arms.find((_, i) => (left -= shares[i]) < 0) ?? arms.at(-1);
};

// The id of the message, "" where nothing is shown, and the tests met: one of their rules holds.
export const choose = (asks, place, reader) => {
  const met = new Set(), { country, edge } = reader;
  if (ASKING.includes(place)) {
    const isInDanger = among(asks.never, [country, edge]);
    // Who hides the clock may hide behind an address too.
    if (isInDanger || (!country && asks.unknown_is_never)) place = "safety";
    else if (reader.number % 10000 < asks.holdback) return { id: "", met: [] };
  }
  const mine = once((test) => armOf(asks.tests[test], test, reader));
  const isFor = ({ test, arm }) => !test || (met.add(test) && mine(test) === arm);
  const today = Math.floor(reader.minute / 1440), week = weekOf(today);
  const seen = reader.views.filter((view) => view[0] === place).map((view) => view[1]);
  const past = { today, seen, country: country || edge || "", storiesIn: once((weeks) => {
    let count = 0;
    for (let then = week; then > week - weeks; then -= 1) count += reader.reads[then] ?? 0;
    return count;
  }) };
  const isIt = (rule) => rule.place === place && matches(rule, reader, past) && isFor(rule);
  return { id: asks.rules.find(isIt)?.id ?? "", met: [...met] };
};
