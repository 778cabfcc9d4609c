// The box above a long list (sphinxext/filters.py): leaves only the items with the words typed into
// it, and with the mark chosen.
"use strict";
(() => {
  const form = document.querySelector("form.lr-filter");
  if (!form) return;
  const list = form.nextElementSibling;
  const words = form.querySelector("input");
  const chosen = form.querySelector("select");
  const count = form.querySelector("[role=status]");
  const items = [...list.querySelectorAll(".lr-paper, li")];
  let texts = null; // read at the first use

  function filter() {
    texts ??= items.map((one) => one.textContent.toLowerCase());
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    const mark = chosen?.value;
    let left = 0;
    items.forEach((one, number) => {
      const kept =
        wanted.every((word) => texts[number].includes(word)) &&
        (!mark || one.classList.contains(mark));
      one.hidden = !kept;
      left += kept;
    });
    for (const group of list.querySelectorAll("section")) {
      group.hidden = !group.querySelector("li:not([hidden])");
    }
    count.textContent = wanted.length || mark ? `${left} of ${items.length}` : "";
  }

  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", () => {
    const aim = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!aim?.hidden) return; // somebody leads to what is filtered out
    form.reset();
    filter();
    aim.scrollIntoView();
  });
})();
