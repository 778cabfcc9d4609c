// On paper nothing can be unfolded: what is folded in the text is opened for printing, and folded
// again afterwards. Not the context of the rows of a table: it would make ten pages of one.
"use strict";
(() => {
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [
      ...document.querySelectorAll(
        ".bd-article details:not([open], .lr-context *, .lr-tools *, .lr-table-tools *)",
      ),
    ];
    for (const details of opened) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
  });
})();
