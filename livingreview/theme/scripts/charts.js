// Charts are drawn in the page as SVG. On first use a chart becomes interactive: tooltips come with Vega, which the
// site serves itself and loads only then. Without JavaScript, or in print, the drawn chart stays.
"use strict";
(() => {
  const bundle = new URL("livingreview-vega.js", document.currentScript.src);
  let loading = null;

  function vega() {
    loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.type = "module";
      script.src = bundle.href;
      script.onload = () => resolve(window.livingreviewEmbed);
      script.onerror = reject;
      document.head.append(script);
    });
    return loading;
  }

  const DARK = { "#1b1e28": "#e6e8ee", "#5c6270": "#aab0bd", "#d5d8de": "#4a4f5c", "#f4f5f7": "#2a2e38" };

  function themed(text) {
    if (document.documentElement.dataset.theme !== "dark") return text;
    return text.replace(/#[0-9a-f]{6}/g, (colour) => DARK[colour] ?? colour);
  }

  async function enliven(chart) {
    if (chart.dataset.live) return;
    chart.dataset.live = "loading";
    try {
      const embed = await vega();
      const spec = JSON.parse(themed(chart.querySelector(".lr-chart-spec").textContent));
      const picture = chart.querySelector(".lr-chart-picture");
      const stage = document.createElement("div");
      stage.className = "lr-chart-stage";
      const result = await embed(stage, spec, { actions: false, renderer: "svg", tooltip: { theme: "custom" } });
      picture.replaceChildren(stage);
      chart.dataset.live = "yes";
      chart.livingreviewView = result.view;
    } catch (error) {
      delete chart.dataset.live; // the drawn chart is still there
    }
  }

  for (const chart of document.querySelectorAll(".lr-chart")) {
    for (const event of ["pointerenter", "focusin", "touchstart"]) {
      chart.addEventListener(event, () => enliven(chart), { passive: true });
    }
  }

  // The drawn SVG follows the theme by style sheet; a live chart holds its colours and is drawn again.
  new MutationObserver(() => {
    for (const chart of document.querySelectorAll('.lr-chart[data-live="yes"]')) {
      delete chart.dataset.live;
      enliven(chart);
    }
  }).observe(document.documentElement, { attributeFilter: ["data-theme"] });
})();
