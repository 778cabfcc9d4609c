// Cards: pointing at a term or a citation, focusing it or tapping it shows what it is, with a way
// on. What the cards say comes in one file for all terms and one for all papers, loaded at the
// first card and kept by the browser. It is put into the page as text, never as markup. Without
// JavaScript, and where a browser has no popovers, the links simply lead on.
"use strict";
(() => {
  if (!HTMLElement.prototype.showPopover) return;
  const files = document.currentScript.src;
  const loading = {};

  /** The cards of a kind ("terms" or "papers"), by the address of the entry. */
  function cards(kind) {
    loading[kind] ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = new URL(`cards-${kind}.js`, files).href;
      script.onload = () => resolve(window.livingreviewCards[kind]);
      script.onerror = () => {
        delete loading[kind];
        reject(new Error(`${script.src} did not load`));
      };
      document.head.append(script);
    });
    return loading[kind];
  }

  function make(tag, className, ...content) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    node.append(...content.filter(Boolean));
    return node;
  }

  /** Text, marked as Chinese where it is. */
  function text(tag, className, words) {
    const node = make(tag, className, words);
    if (/\p{Script=Han}/u.test(words)) node.lang = "zh-Hans";
    return node;
  }

  function link(href, words) {
    const node = make("a", "", words);
    node.href = href;
    return node;
  }

  /** The way on. The link of the card leads there, too: the keyboard need not stop here again. */
  function onward(href, words) {
    return Object.assign(link(href, words), { tabIndex: -1 });
  }

  const WRITE = {
    terms: (card, href) => [
      make(
        "p",
        "lr-card-name",
        make("strong", "", card.name),
        " ",
        card.zh && text("span", "lr-zh", card.zh),
        card.also && ` (${card.also})`,
      ),
      ...card.about
        .flat()
        .filter(Boolean)
        .map((words) => text("p", "", words)),
      make(
        "p",
        "lr-card-links",
        onward(href, "All that the book says"),
        make("span", "lr-note", card.kind),
      ),
    ],
    papers: (card, href) => [
      card.notice &&
        make(
          "p",
          "lr-card-retracted",
          make("strong", "lr-mark lr-is-retracted", "Retracted"),
          " ",
          link(`https://doi.org/${card.notice}`, "notice"),
        ),
      make("p", "lr-card-name", text("strong", "", card.title)),
      text("p", "", `${card.who}. ${card.year}.`),
      card.journal && text("p", "lr-card-journal", card.journal),
      make(
        "p",
        "",
        ...card.marks.map(([kind, words]) => make("span", `lr-mark lr-is-${kind}`, words)),
      ),
      make(
        "p",
        "lr-card-links",
        onward(href, "In the bibliography"),
        card.doi && link(`https://doi.org/${card.doi}`, "DOI"),
        card.pmid && link(`https://pubmed.ncbi.nlm.nih.gov/${card.pmid}/`, "PubMed"),
      ),
    ],
  };

  const kindOf = (anchor) =>
    anchor.querySelector(":scope > .std-term")
      ? "terms"
      : anchor.closest(".bibtex-citation")
        ? "papers"
        : "";
  const target = (event) => {
    const anchor = event.target.closest?.("a.internal[href*='#']");
    return anchor && !anchor.closest(".lr-card") && kindOf(anchor) ? anchor : null;
  };

  let open = null; // { anchor, card }
  let wanted = null; // the link whose card is being fetched
  let timer = 0;

  function close() {
    clearTimeout(timer);
    wanted = null;
    open?.anchor.removeAttribute("aria-describedby");
    open?.card.remove();
    open = null;
  }

  async function show(anchor) {
    if (open?.anchor === anchor) return;
    close();
    wanted = anchor;
    let found;
    try {
      found = (await cards(kindOf(anchor)))[decodeURIComponent(anchor.hash.slice(1))];
    } catch {
      return; // the link is still there
    }
    if (!found || wanted !== anchor) return;
    const card = make("div", "lr-card", ...WRITE[kindOf(anchor)](found, anchor.href));
    card.id = "lr-card";
    card.popover = "manual";
    card.setAttribute("role", "group");
    card.setAttribute("aria-label", `About ${anchor.textContent.trim()}`);
    // Next in the order of the keyboard, and above everything by being a popover.
    anchor.after(card);
    anchor.setAttribute("aria-describedby", card.id);
    open = { anchor, card };
    card.showPopover();
    place(card, anchor);
  }

  /** Below the link or, where there is more room, above it; always within the window. */
  function place(card, anchor) {
    const [line] = anchor.getClientRects();
    const gap = 6;
    const edge = 8;
    const { width, height } = card.getBoundingClientRect();
    const under = innerHeight - line.bottom - gap - edge;
    const over = line.top - gap - edge;
    const below = height <= under || under >= over;
    const room = Math.max(below ? under : over, 80);
    card.style.maxHeight = `${room}px`;
    const left = Math.min(line.left, document.documentElement.clientWidth - width - edge);
    card.style.left = `${Math.max(edge, left) + scrollX}px`;
    const top = below ? line.bottom + gap : line.top - gap - Math.min(height, room);
    card.style.top = `${top + scrollY}px`;
  }

  function soon(action, wait) {
    clearTimeout(timer);
    timer = setTimeout(action, wait);
  }

  let pointer = "mouse"; // or pen, touch, keyboard: what the reader used last
  document.addEventListener("pointerdown", (event) => {
    pointer = event.pointerType;
    if (open && !open.card.contains(event.target) && !open.anchor.contains(event.target)) close();
  });
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const anchor = target(event);
    if (anchor) {
      soon(() => show(anchor), open?.anchor === anchor ? 0 : 200);
    } else if (open?.card.contains(event.target)) {
      clearTimeout(timer); // the pointer may move onto the card
    } else if (
      open?.anchor !== document.activeElement &&
      !open?.card.contains(document.activeElement)
    ) {
      soon(close, 300);
    } else {
      clearTimeout(timer);
    }
  });
  let hushed = false;
  document.addEventListener("focusin", (event) => {
    const anchor = target(event);
    if (anchor && pointer !== "touch" && !hushed && anchor.matches(":focus-visible")) {
      show(anchor);
    } else if (open && !open.card.contains(event.target) && !open.anchor.contains(event.target)) {
      close();
    }
  });
  document.addEventListener("click", (event) => {
    const anchor = target(event);
    if (!anchor || (event.pointerType || pointer) !== "touch" || open?.anchor === anchor) return;
    event.preventDefault(); // the first tap shows the card; its link, or a second tap, leads on
    show(anchor);
  });
  document.addEventListener("keydown", (event) => {
    pointer = "keyboard";
    if (event.key !== "Escape" || !open) return;
    const { anchor, card } = open;
    const inside = card.contains(document.activeElement);
    close();
    hushed = true;
    if (inside) anchor.focus();
    hushed = false;
  });
  addEventListener("resize", close);
  const stays = (event) => event.target === document || open?.card.contains(event.target);
  // A table moves under its card.
  document.addEventListener("scroll", (event) => stays(event) || close(), {
    capture: true,
    passive: true,
  });
})();
