// What stands on a page that we did not bake.
// Where we are, seen from that page.
export const at = (path) => new URL(path, import.meta.url).href;

// In a shadow our style does not reach the page, and the page's reaches no more than the host, as
// a reset of every div does: what our words inherit is said within.
export const hosted = (element, lang, dir) => {
  for (const name of ["href", "action", "formaction", "src", "srcset"]) {
    for (const one of element.querySelectorAll(`[${name}^="/"]`)) {
      one.setAttribute(name, one.getAttribute(name).replace(/^\/|(?<=,)\//g, at("/")));
    }
  }
  const [host, inner, style] = ["div", "div", "link"].map((name) => document.createElement(name));
  const styled = new Promise((done) => { style.onload = style.onerror = done; });
  Object.assign(style, { rel: "stylesheet", href: at("elsewhere.css") });
  Object.assign(host, { lang, dir, hidden: true });
  host.attachShadow({ mode: "open" }).append(style, inner);
  inner.append(element);
  // As the reader set it for every page, whatever this one does.
  host.style.fontSize = "medium";
  return { host, styled };
};
