// The atlas on the front page: what the editors connect with the tile under the pointer, or with
// the focus, stands out.
"use strict";
(() => {
  const tiles = new Map();
  for (const strip of document.querySelectorAll(".lr-atlas .lr-strip")) {
    tiles.set(strip.dataset.mechanism, strip.closest("li"));
  }

  for (const strip of document.querySelectorAll(".lr-atlas .lr-strip")) {
    const tile = strip.closest("li");
    const near = new Set(strip.dataset.near.split(" ").filter((name) => tiles.has(name)));
    const show = (on) => {
      document.documentElement.classList.toggle("lr-connecting", on && near.size > 0);
      for (const [name, other] of tiles) other.classList.toggle("lr-near", on && near.has(name));
      tile.classList.toggle("lr-here", on);
    };
    tile.addEventListener("pointerenter", () => show(true));
    tile.addEventListener("pointerleave", () => show(false));
    tile.addEventListener("focusin", () => show(true));
    tile.addEventListener("focusout", () => show(false));
  }
})();
