// Puts messages where they stand. Nothing that is being read moves for them.
import { stage } from "./reader.js";

// The message that the page brought with it.
export const keyOf = (element) => element?.dataset.key
  ?? element?.querySelector("[name=appeal]")?.value ?? element?.querySelector("a")?.hash.split("=")[1];

// A message that the page did not bring; null where it cannot be had.
export const fragment = async (root, lang, id, place) => {
  try {
    const answer = await fetch(`${root}appeals/${lang}/${id}.html`);
    if (!answer.ok) return null;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return page.querySelector(`.${place}`);
  } catch {
    return null;
  }
};

// What is on the screen or above it keeps its height, also where that is none.
const isInSight = (old) => innerHeight
  > (old.hidden ? old.parentElement.getBoundingClientRect().bottom : old.getBoundingClientRect().top);
export const put = (place, element) => {
  const old = stage[place];
  if (place === "ask" && isInSight(old)) {
    if (old.hidden) return null;
    const kept = element || old;
    Object.assign(kept.style, { height: `${old.offsetHeight}px`, overflow: "auto" });
    if (!element) old.style.visibility = "hidden";
  } else if (old && !element) old.hidden = true;
  if (element && old) old.replaceWith(element);
  else if (element) document.body.prepend(element);
  return element;
};

export const reveal = (place, element) => {
  element.style.visibility = "visible";
  if (place !== "banner") return;
  Object.assign(element.style, { inset: "auto 0 0", zIndex: 1 });
  const { style } = document.body, own = parseFloat(getComputedStyle(document.body).paddingBottom);
  element.was = style.paddingBottom;
  style.paddingBottom = `${own + element.offsetHeight}px`; // so that it hides no last line
};
