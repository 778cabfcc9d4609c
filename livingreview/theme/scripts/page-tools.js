// The panels of the header open and close by themselves. This adds what a script must do: copy,
// print, close on Escape or on a click elsewhere, and open the panel that an address or a link in
// the foot names.
"use strict";
(() => {
  const tools = [...document.querySelectorAll(".lr-tool")];
  if (!tools.length) return;

  function close(tool) {
    tool.open = false;
  }

  document.addEventListener("click", (event) => {
    for (const tool of tools) if (tool.open && !tool.contains(event.target)) close(tool);
  });
  document.addEventListener("keydown", (event) => {
    const open = tools.find((tool) => tool.open);
    if (event.key !== "Escape" || !open) return;
    close(open);
    open.querySelector("summary").focus();
  });
  // Tabbing out of a panel closes it, so that it does not cover what has the focus.
  for (const tool of tools) {
    tool.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !tool.contains(event.relatedTarget)) close(tool);
    });
  }

  for (const button of document.querySelectorAll(".lr-copy")) {
    button.addEventListener("click", async () => {
      const record = document.getElementById(button.dataset.copies);
      const said = button.closest(".lr-panel").querySelector("[role=status]");
      try {
        await navigator.clipboard.writeText(record.textContent);
        said.textContent = `${document.getElementById(`${record.id}-title`).textContent} copied.`;
      } catch {
        // not allowed, or a page that is not served securely: select it for the reader to copy
        getSelection().selectAllChildren(record);
        said.textContent = "Selected: copy it with your keyboard.";
      }
    });
  }
  for (const button of document.querySelectorAll(".lr-print")) {
    button.addEventListener("click", () => {
      close(button.closest(".lr-tool"));
      print();
    });
  }

  function openNamed() {
    const tool =
      location.hash && document.getElementById(location.hash.slice(1))?.closest(".lr-tool");
    if (!tool) return;
    tool.open = true;
    tool.querySelector("summary").focus();
  }
  addEventListener("hashchange", openNamed);
  openNamed();
  // The same link pressed again changes no address: open the panel all the same, after the click
  // that would close it.
  for (const link of document.querySelectorAll('a[href="#how-to-cite"]')) {
    link.addEventListener("click", () => setTimeout(openNamed));
  }
})();
