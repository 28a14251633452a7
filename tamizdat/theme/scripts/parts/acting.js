// What a reader may do with a message, and that it was seen.

// A gift says which page and message it came of.
export const carry = (element, { id, test, arm }, from) => {
  const form = element.querySelector("form"), ofArm = test && { arm: `${test}.${arm}` };
  const fields = { from, appeal: id, ...ofArm };
  for (const [name, value] of Object.entries(form ? fields : {})) {
    const field = Object.assign(document.createElement("input"), { type: "hidden", name, value });
    if (!form[name]) form.append(field);
  }
  for (const link of element.querySelectorAll("a[href*='appeal=']")) {
    link[link.hash ? "hash" : "search"] += `&${new URLSearchParams({ from, ...ofArm })}`;
  }
};

export const closable = (element, label, closed) => {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", textContent: "×" });
  button.setAttribute("aria-label", label);
  button.style.cssText = "--r:var(--rem,1rem);font:calc(1.5*var(--r))/1 sans-serif;"
    + "min-width:calc(2.75*var(--r));min-height:calc(2.75*var(--r));border:0;"
    + "margin-inline:calc(-.6*var(--r)) calc(-1*var(--r));"
    + "background:none;color:inherit;cursor:pointer"; // here, for who has no script has no button
  button.addEventListener("click", () => {
    element.remove();
    document.body.style.paddingBottom = element.was;
    closed();
  });
  element.firstElementChild.append(button);
  element.querySelector("span").style.marginInlineEnd = "auto";
};

export const onView = (element, seen) => new IntersectionObserver((entries, observer) => {
  if (!entries.some((entry) => entry.isIntersecting)) return;
  observer.disconnect();
  seen();
}, { threshold: 0.3 }).observe(element);
