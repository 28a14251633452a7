// On the page about giving: what the banner said goes along, and a browser may forget all of it.
import { forget } from "./parts/forgetting.js";

const form = document.querySelector(".ask form"), link = document.getElementById("forget");
const said = new URLSearchParams(location.hash.slice(1));
for (const name of ["appeal", "arm", "from"]) {
  if (!form || !said.has(name)) continue;
  const field = form[name] ?? Object.assign(document.createElement("input"), { type: "hidden", name });
  field.value = said.get(name);
  form.append(field);
}
link.hidden = false;
link.addEventListener("click", (event) => {
  event.preventDefault();
  forget();
  link.replaceWith(link.dataset.done);
});
