// What the page and the browser know of who reads. None of it is sent: that a message is asked for
// tells a server which one was chosen, and no more.
export const find = (what) => document.querySelector(what);
export const stage = { banner: find(".banner"), ask: find("main>article>.ask") };

const path = (link) => link.getAttribute("href");
const countryOf = (zones) => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone || zone.startsWith("Etc/")) return ""; // a clock that names no place
  return zones[zone] ?? "elsewhere"; // a VPN does not change it
};

// The list, and what a server that knows says of where the question came from.
export const listed = async (root, lang) => {
  const answer = await fetch(`${root}appeals/${lang}.json`), said = answer.headers.get("x-country");
  return { ...await answer.json(), edge: /^(?!XX)[A-Z]{2}$/.test(said) ? said : "" };
};

// What holds on any page.
export const guess = ({ zones, edge }) => ({
  country: countryOf(zones),
  edge,
  sensitive: !!find("[data-sensitive]"),
  device: matchMedia("(max-width:30rem)").matches ? "phone" : "desktop",
  minute: Math.floor(Date.now() / 6e4),
});

export const readerOf = (memory, asks) => {
  const section = stage.ask && find(".kicker a"); // only a story has a place for an ask
  return {
    ...memory,
    ...guess(asks),
    section: section ? path(section) : location.pathname,
    topics: stage.ask ? [...document.querySelectorAll("article>.by>a")].map(path) : [],
  };
};
