// Does the little sum that a form asks for, while its reader fills it in: see tamizdat/lib/puzzle.py.
// Without this, or where a browser cannot, the form is sent as it is and a link comes by mail.
const AT_ONCE = 8;
const bytes = (text) => new TextEncoder().encode(text);
const hex = (bits) => [...new Uint8Array(bits)].map((b) => b.toString(16).padStart(2, "0")).join("");

async function answer(work, tell) {
  const [, , iterations, most, nonce, rest] = work.split(".");
  const target = rest.split(":")[0];
  const key = await crypto.subtle.importKey("raw", bytes(nonce), "PBKDF2", false, ["deriveBits"]);
  const one = async (n) => {
    const how = { name: "PBKDF2", hash: "SHA-256", salt: bytes(`${n}`), iterations: +iterations };
    return hex(await crypto.subtle.deriveBits(how, key, 128)) === target;
  };
  for (let n = 0; n < most; n += AT_ONCE) {
    const tries = await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => one(n + i)));
    if (tries.includes(true)) return `${work}~${n + tries.indexOf(true)}`;
    tell(n / most);
  }
}

for (const form of document.querySelectorAll("form[data-work]")) {
  const proof = form.elements.proof, shown = form.querySelector("progress");
  let working, isPressed = false;
  const begin = () => working ??= answer(form.dataset.work, (part) => { shown.value = part; })
    .then((found) => { proof.value = found; }, () => {});
  form.addEventListener("focusin", begin, { once: true });
  form.addEventListener("pointerdown", begin, { once: true });
  form.addEventListener("submit", (event) => {
    if (proof.value || !crypto.subtle) return;
    event.preventDefault();
    shown.hidden = false;
    if (!isPressed) begin().then(() => form.submit());
    isPressed = true;
  });
}
