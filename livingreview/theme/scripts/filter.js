// A box above a long list that leaves only the items with the words typed into it: names of the glossary, papers of the
// bibliography. Papers can be chosen by their marks as well. Without JavaScript the whole list is there.
"use strict";
(() => {
  const LISTS = [
    { list: ".lr-index", item: "li", group: "section", label: "Find a name, in English or Chinese" },
    { list: ".citation-list", item: ".lr-paper", label: "Find a paper: author, year, title, chapter", marks: ".lr-mark" },
  ];

  for (const { list, item, group, label, marks } of LISTS) {
    const place = document.querySelector(list);
    if (place) build(place, [...place.querySelectorAll(item)], group, label, marks);
  }

  function make(tag, properties, ...content) {
    const node = Object.assign(document.createElement(tag), properties);
    node.append(...content);
    return node;
  }

  function build(place, items, group, label, marks) {
    const words = make("input", { type: "search", autocomplete: "off" });
    const chosen = make("select", {}, make("option", { value: "", textContent: "all papers" }));
    const count = make("span", { className: "lr-note" });
    count.setAttribute("role", "status");
    const form = make("form", { className: "lr-filter" }, make("label", {}, label, words), count);
    if (marks) {
      const kinds = new Map(items.flatMap((one) => [...one.querySelectorAll(marks)]).map((mark) => [mark.classList[1], mark.textContent]));
      for (const [value, textContent] of kinds) chosen.append(make("option", { value, textContent }));
      form.insertBefore(make("label", {}, "Marked as", chosen), count);
    }
    let texts = null; // read at the first use

    function filter() {
      texts ??= items.map((one) => one.textContent.toLowerCase());
      const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
      let left = 0;
      items.forEach((one, number) => {
        const kept = wanted.every((word) => texts[number].includes(word)) && (!chosen.value || one.classList.contains(chosen.value));
        one.hidden = !kept;
        left += kept;
      });
      if (group) for (const each of place.querySelectorAll(group)) each.hidden = !each.querySelector("li:not([hidden])");
      count.textContent = wanted.length || chosen.value ? `${left} of ${items.length}` : "";
    }

    form.addEventListener("input", filter);
    form.addEventListener("submit", (event) => event.preventDefault());
    addEventListener("hashchange", () => {
      if (!document.getElementById(decodeURIComponent(location.hash.slice(1)))?.hidden) return; // somebody leads to what is filtered out
      form.reset();
      filter();
      document.getElementById(decodeURIComponent(location.hash.slice(1))).scrollIntoView();
    });
    place.before(form);
  }
})();
