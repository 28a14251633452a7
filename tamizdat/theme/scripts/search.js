// Searches in the reader's browser: the newest volume of the index, older ones when asked to.
const at = (id) => document.getElementById(id);
const form = at("search"), words = at("words"), found = at("found"), count = at("count");
const AT_ONCE = 10, VOLUMES_AT_ONCE = 4;
let index, opening, volumes, hits = [], shown = 0, asked = 0;

async function open() {
  volumes = await (await fetch("/pagefind/volumes.json")).json();
  index = await import(`/pagefind/${volumes.shift()}/pagefind.js`);
  await index.options({ baseUrl: "/", excerptLength: 24 });
}
function element(name, ...contents) {
  const made = document.createElement(name);
  made.append(...contents);
  return made;
}
function item(story) {
  const link = Object.assign(element("a", story.meta.title), { href: story.url });
  const title = Object.assign(element("h2", link), { className: "headline" });
  const excerpt = element("p");
  for (const node of new DOMParser().parseFromString(story.excerpt, "text/html").body.childNodes) {
    excerpt.append(node.nodeName === "MARK" ? element("mark", node.textContent) : node.textContent);
  }
  return element("li", element("div", title, excerpt));
}
async function show() {
  const next = hits.slice(shown, shown += AT_ONCE).map((hit) => hit.data().catch(() => null));
  found.append(...(await Promise.all(next)).filter(Boolean).map(item));
  at("more").hidden = shown >= hits.length;
}

async function search() {
  const query = words.value.trim(), turn = ++asked;
  try {
    await (opening ??= open());
    const answer = query ? await index.search(query) : { results: [] };
    if (turn !== asked) return;
    [hits, shown] = [answer.results, 0];
    found.replaceChildren();
    const number = hits.length.toLocaleString(document.documentElement.lang);
    count.textContent = query && (hits.length ? `${form.dataset.found} ${number}` : form.dataset.none);
    at("ways").hidden = found.hidden = !query;
    at("older").hidden = !volumes.length;
    await show();
  } catch {
    count.textContent = form.dataset.fails;
  }
}

form.hidden = false;
form.addEventListener("submit", (event) => { event.preventDefault(); search(); });
words.addEventListener("input", search);
at("more").addEventListener("click", show);
at("older").addEventListener("click", async () => {
  for (const volume of volumes.splice(0, VOLUMES_AT_ONCE)) {
    await index.mergeIndex(`/pagefind/${volume}/`, { baseUrl: "/" }).catch(() => {});
  }
  search();
});
