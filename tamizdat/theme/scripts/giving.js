// On the page about giving: what the banner said goes along, and a browser may forget all of it.
const form = document.querySelector(".ask form"), forget = document.getElementById("forget");
const said = new URLSearchParams(location.hash.slice(1));
for (const name of ["appeal", "arm"]) {
  if (!form || !said.has(name)) continue;
  const field = form[name] ?? Object.assign(document.createElement("input"), { type: "hidden", name });
  field.value = said.get(name);
  form.append(field);
}
forget.hidden = false;
forget.addEventListener("click", (event) => {
  event.preventDefault();
  try {
    localStorage.removeItem("asks");
  } catch {} // storage is refused: nothing was kept
  forget.replaceWith(forget.dataset.done);
});
