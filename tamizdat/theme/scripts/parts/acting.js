// What a reader may do with a message, and that it was seen.

// A gift says which message it came of.
export const carry = (element, { id, test, arm }) => {
  const form = element.querySelector("form"), link = element.querySelector("a[href*='#appeal']");
  const fields = { from: location.pathname, appeal: id, ...(test && { arm: `${test}.${arm}` }) };
  for (const [name, value] of Object.entries(form ? fields : {})) {
    const field = Object.assign(document.createElement("input"), { type: "hidden", name, value });
    if (!form[name]) form.append(field);
  }
  if (link && fields.arm) link.hash += `&arm=${fields.arm}`;
};

export const closable = (element, label, closed) => {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", textContent: "×" });
  button.setAttribute("aria-label", label);
  button.style.cssText = "font:1.5rem/1 sans-serif;min-width:2.75rem;min-height:2.75rem;border:0;"
    + "margin-inline:-.6rem -1rem;"
    + "background:none;color:inherit;cursor:pointer"; // here, for who has no script has no button
  button.addEventListener("click", () => {
    element.remove();
    document.body.style.paddingBottom = 0;
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
