// Before anything is drawn: light or dark, as chosen or as the device has it. The only script that stands in the page itself.
(() => {
  const root = document.documentElement;
  let mode = "auto";
  try { mode = localStorage.getItem("mode") || mode; } catch { /* storage is shut off */ }
  root.dataset.mode = mode;
  root.dataset.theme = mode === "auto" ? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light") : mode;
  root.classList.add("js");
})();
