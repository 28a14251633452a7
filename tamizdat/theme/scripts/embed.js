// Opens an embed where it stands, when the reader presses it. Without this it is a link.
for (const link of document.querySelectorAll("a[data-frame]")) {
  link.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    const frame = document.createElement("iframe");
    frame.src = link.dataset.frame;
    frame.title = link.querySelector("strong").textContent;
    frame.referrerPolicy = "no-referrer";
    frame.setAttribute("sandbox", "allow-scripts allow-same-origin");
    frame.allow = "fullscreen";
    link.before(frame);
    link.removeAttribute("data-frame");
    frame.focus();
  }, { once: true });
}
