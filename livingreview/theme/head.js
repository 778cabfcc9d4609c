// The only script that stands in the page itself.
"use strict";
(() => {
  // Before anything is drawn: light or dark, as chosen or as the device has it.
  const root = document.documentElement;
  let mode = "auto";
  try {
    mode = localStorage.getItem("mode") || mode;
  } catch {
    /* storage is shut off */
  }
  root.dataset.mode = mode;
  const device = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  root.dataset.theme = mode === "auto" ? device : mode;
  root.classList.add("js");

  // Once the page is drawn: the other scripts, in their order. Fetched earlier they would only hold
  // up the text. A button that is pressed before they are there, and Ctrl+K, are answered when they
  // are.
  let pressed;
  const keep = (event) => {
    const search = event.key?.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
    const button = search
      ? document.querySelector(".search-button__button")
      : event.type === "click" && event.target.closest("button.pst-js-only");
    if (!button) return;
    pressed = button;
    event.preventDefault();
  };
  const ready = () => {
    for (const kind of ["click", "keydown"]) removeEventListener(kind, keep);
    pressed?.click();
  };
  for (const kind of ["click", "keydown"]) addEventListener(kind, keep);
  const fetchScripts = () => {
    const scripts = [...document.querySelectorAll("script[data-src]")];
    scripts.forEach(({ dataset }, number) => {
      const script = document.createElement("script");
      Object.assign(script, { src: dataset.src, async: false });
      if (number === scripts.length - 1) Object.assign(script, { onload: ready, onerror: ready });
      document.head.append(script);
    });
  };
  addEventListener("load", () => requestAnimationFrame(() => setTimeout(fetchScripts)));
})();
