// Charts are drawn in the page as SVG. On first use a chart comes to life: tooltips, highlights and
// a legend to pick from come with Vega, which the site serves itself and loads only then. Without
// JavaScript, or in print, the drawn chart stays.
"use strict";
(() => {
  const bundle = new URL("livingreview-vega.js", document.currentScript.src);
  let loading = null;

  function vega() {
    loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = bundle.href;
      script.onload = () => resolve(window.livingreviewEmbed);
      script.onerror = () => {
        loading = null;
        reject(new Error(`${bundle} did not load`));
      };
      document.head.append(script);
    });
    return loading;
  }

  async function enliven(chart) {
    if (chart.dataset.live) return;
    chart.dataset.live = "loading";
    try {
      const embed = await vega();
      const specification = JSON.parse(chart.querySelector(".lr-chart-spec").textContent);
      const picture = chart.querySelector(".lr-chart-picture");
      const stage = document.createElement("div");
      const { view } = await embed(stage, specification, {
        id: "lr-tooltip",
        disableDefaultStyle: true,
      });
      const rows = picture.querySelector(".rows_marks");
      picture.replaceChildren(stage);
      // The labels that stay in sight are these.
      if (rows) picture.querySelector(".rows_marks").id = rows.id;
      for (const mark of picture.querySelectorAll("[role^=graphics-]")) {
        // the picture has a name; words of its marks stand below it
        for (const name of ["role", "aria-roledescription", "aria-label"]) {
          mark.removeAttribute(name);
        }
      }
      picture.setAttribute("role", "group"); // no longer one image: the legend has buttons
      offer(picture, view);
      chart.livingreviewView = view;
      chart.dataset.live = "yes";
    } catch {
      delete chart.dataset.live; // the drawn chart is still there
    }
  }

  // Vega takes clicks on a legend; these make its entries buttons for the keyboard and for screen
  // readers as well.
  function offer(picture, view) {
    const entries = [...picture.querySelectorAll(".role-legend-label text")];
    if (!entries.length || !("choice" in view.getState().signals)) return;
    const say = () => {
      const picked = Object.values(view.signal("choice") ?? {}).flat();
      for (const entry of entries) {
        entry.setAttribute("aria-pressed", String(picked.includes(entry.textContent)));
      }
    };
    for (const entry of entries) {
      entry.closest(".role-legend").removeAttribute("aria-hidden");
      entry.setAttribute("role", "button");
      entry.setAttribute("tabindex", "0");
      entry.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        entry.dispatchEvent(new MouseEvent("click", { bubbles: true }));
      });
    }
    view.addSignalListener("choice", say);
    say();
  }

  // A finger that scrolls the page past a chart does not ask for it; a tap does.
  const uses = {
    pointerenter: (event) => event.pointerType !== "touch",
    focusin: () => true,
    click: () => true,
  };
  const width = new ResizeObserver((boxes) => {
    for (const { target } of boxes) {
      target.parentElement.classList.toggle("lr-wide", target.scrollWidth > target.clientWidth + 1);
    }
  });
  for (const box of document.querySelectorAll(".lr-chart-scroll")) {
    for (const [event, asks] of Object.entries(uses)) {
      box.addEventListener(event, (happened) => asks(happened) && enliven(box.parentElement), {
        passive: true,
      });
    }
    width.observe(box);
  }
})();
