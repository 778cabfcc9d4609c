// The only script that stands in the page itself.
(() => {
  // Before anything is drawn: light or dark, as chosen or as the device has it.
  const root = document.documentElement;
  let mode = "auto";
  try { mode = localStorage.getItem("mode") || mode; } catch { /* storage is shut off */ }
  root.dataset.mode = mode;
  root.dataset.theme = mode === "auto" ? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light") : mode;
  root.classList.add("js");
  // Once the page is drawn: the other scripts, in their order. Fetched earlier they would only hold up the text.
  addEventListener("load", () => requestAnimationFrame(() => setTimeout(() => {
    for (const { dataset } of document.querySelectorAll("script[data-src]")) {
      const script = Object.assign(document.createElement("script"), { src: dataset.src, async: false });
      document.head.append(script);
    }
  })));
})();
