// Search as you type, in the dialog that the theme opens and on the page of results. What is looked
// for by name (chapters, terms, papers, tables) comes from a list, what stands in the text from
// Pagefind; both are made at build time and load on first use.
"use strict";
(() => {
  const ROOT = new URL("../", document.currentScript.src); // of the site
  const BUNDLE = new URL("pagefind/", ROOT);
  const KINDS = { chapter: "Chapter", page: "Page", term: "Term", table: "Table", paper: "Paper" };
  const ORDER = Object.keys(KINDS);
  const MOST_LETTERS = 200;
  const FEW = { names: 7, text: 6, mentions: 5, ofKind: 3, sections: 1 }; // in the dialog
  // On the page of results.
  const MANY = { names: 60, text: 30, mentions: 60, ofKind: 25, sections: 3 };

  // ---- Writing ----------------------------------------------------------------------------------
  // AB-κC, ab-kc, ABκC and AB kappa C are one name; so are fibre and fiber, cell and cells.
  const LETTERS = "αa βb γg δd εe ζz ηh θt ιi κk λl μu νn ξx οo πp ρr σs ςs τt υu φf χc ψp ωo";
  const GREEK = Object.fromEntries(LETTERS.split(" ").map((pair) => [...pair]));
  const SPELT = /alpha|beta|gamma|delta|epsilon|theta|kappa|lambda|sigma|omega/g;
  const BRITISH = [
    [/oe|ae/g, "e"],
    [/our/g, "or"],
    [/ll/g, "l"],
    [/z/g, "s"],
    [/geing/g, "ging"],
    [/([bt])re\b/g, "$1er"],
  ];
  const PLURAL = /(?<=[\p{L}\p{N}]{2}[^isu])s(?![\p{L}\p{N}])/gu;
  const HAN = /\p{Script=Han}+/gu;
  // As in livingreview/contract/characters.py: runs of Chinese with the punctuation set in it.
  const WITH_MARKS = "[\\p{Script=Han}\\u3000-\\u303f\\uff01-\\uff60\\uffe0-\\uffe6]";
  const CHINESE = new RegExp(`(\\p{Script=Han}${WITH_MARKS}*)`, "u");
  const BETWEEN_CHINESE = new RegExp(
    `(?<=${WITH_MARKS}(?:</?mark>)?) (?=(?:</?mark>)?${WITH_MARKS})`,
    "gu",
  );

  function folded(text) {
    const latin = text
      .normalize("NFKD")
      .replace(/\p{M}/gu, "")
      .replace(PLURAL, "")
      .toLowerCase()
      .replace(/[α-ω]/g, (letter) => GREEK[letter])
      .replace(SPELT, (name) => name[0]);
    return BRITISH.reduce((word, [pattern, instead]) => word.replace(pattern, instead), latin);
  }

  const wordsOf = (text) =>
    folded(text)
      .replace(HAN, " $& ")
      .match(/[\p{L}\p{N}]+/gu) ?? [];

  function form(text) {
    const words = wordsOf(text);
    return { words, whole: words.join("") };
  }

  // ---- The list of names ------------------------------------------------------------------------
  // { things, pages (by path), spelling (folded word: as printed), words (of the pages, folded) }
  let list = null;

  async function loadList() {
    const answer = await fetch(new URL("names.json", BUNDLE), { cache: "no-cache" });
    if (!answer.ok) throw new Error(`names.json: ${answer.status}`);
    const { things, words } = await answer.json();
    const spelling = new Map();
    const pages = new Map();
    const learn = (word) => {
      const { whole } = form(word);
      if (whole && !spelling.has(whole)) spelling.set(whole, word);
    };
    words.forEach(learn); // the frequent ones come first
    const inPages = [...spelling.keys()];
    for (const thing of things) {
      const names = [thing.title, thing.zh, ...(thing.names ?? [])].filter(Boolean);
      names
        .join(" ")
        .toLowerCase()
        .split(/[\s/–()]+/)
        .filter((word) => !word.match(HAN))
        .forEach(learn);
      thing.called = names.map((name) => form(name));
      thing.said = wordsOf([...names, thing.text].join(" "));
      if (!thing.url.includes("#")) pages.set(new URL(thing.url, ROOT).pathname, thing);
    }
    list = { things, pages, spelling, words: inPages };
  }

  // How a thing is called what is asked for, the best of its names: [fit, share of the name that
  // was typed].
  const NOT = 0;
  const SAID = 1; // not called so, but its text has the words
  const INSIDE = 2;
  const WORDS = 3;
  const BEGINS = 4;
  const IS = 5;
  const TITLE = 6;

  function fitOf(thing, asked) {
    let best = [NOT, 0];
    for (const name of thing.called) {
      const found = [fitOfName(thing, name, asked), asked.whole.length / name.whole.length];
      if (found[0] && (found[0] - best[0] || found[1] - best[1]) > 0) best = found;
    }
    return best[0] || !holds(thing.said, asked.words) ? best : [SAID, 0];
  }

  function fitOfName(thing, name, asked) {
    const isTitle = name === thing.called[0] || (thing.zh && name === thing.called[1]);
    if (name.whole === asked.whole) return isTitle && thing.kind === "chapter" ? TITLE : IS;
    if (isTitle && thing.kind === "paper") return NOT; // titles of papers count as text
    if (name.whole.startsWith(asked.whole)) return BEGINS;
    if (holds(name.words, asked.words)) return WORDS;
    const isChinese = /\p{Script=Han}/u.test(asked.whole);
    if (asked.whole.length >= (isChinese ? 2 : 4) && name.whole.includes(asked.whole)) {
      return INSIDE;
    }
    return isChinese && asked.whole.length > 2 && shortens(asked.whole, name.whole) ? INSIDE : NOT;
  }

  // 甲丙1 leaves characters of 甲乙丙-1 out and keeps the order of the others.
  function shortens(short, name) {
    let at = -1;
    return [...short].every((letter) => (at = name.indexOf(letter, at + 1)) >= 0);
  }

  // Whether each word asked for begins one of the words, or, in Chinese, stands in one.
  const holds = (words, asked) =>
    asked.every((part) =>
      words.some((word) => word.startsWith(part) || (part.match(HAN) && word.includes(part))),
    );

  // All that fits, best first: by how it fits, then chapters before terms before papers, then by
  // how much of the name was typed.
  function named(asked) {
    if (!asked.whole) return [];
    return list.things
      .map((thing) => ({ thing, fit: fitOf(thing, asked) }))
      .filter(({ fit }) => fit[0])
      .sort(
        (a, b) =>
          b.fit[0] - a.fit[0] ||
          ORDER.indexOf(a.thing.kind) - ORDER.indexOf(b.thing.kind) ||
          b.fit[1] - a.fit[1],
      );
  }

  // ---- Spelling: the words of the query as the pages print them ---------------------------------
  // Gives the query for the text, the query for the names, and whether a word was taken for
  // another.
  function spelt(query) {
    const typed = query.split(/\s+/).filter(Boolean);
    const said = [];
    let corrected = false;
    for (let i = 0; i < typed.length; i++) {
      const pair = i + 1 < typed.length ? form(typed[i] + typed[i + 1]).whole : "";
      if (list.spelling.has(pair) && !(known(typed[i]) && known(typed[i + 1]))) {
        // ABC alpha, AB 6
        said.push(list.spelling.get(pair));
        i++;
        continue;
      }
      const [word, other] = asPrinted(typed[i]);
      said.push(word);
      corrected ||= other;
    }
    return { query: said.join(" "), corrected };
  }

  const known = (word) => list.spelling.has(form(word).whole);

  function asPrinted(word) {
    const whole = form(word).whole;
    if (/\p{Script=Han}/u.test(word) || !/\p{L}/u.test(whole)) return [word, false];
    if (list.spelling.has(whole)) return [list.spelling.get(whole), false];
    for (const [other, printed] of list.spelling) {
      if (other.startsWith(whole)) return [whole === word.toLowerCase() ? word : printed, false];
    }
    const close = nearest(whole);
    return close ? [close, true] : [word, false];
  }

  // The printed word that differs from `word`, or whose beginning does, by the fewest letters: by
  // one in words of five letters and more, by two from nine; none where all differ by more.
  function nearest(word) {
    let least = word.length < 5 ? 0 : word.length < 9 ? 1.5 : 2.5;
    let found = "";
    for (const [other, printed] of list.spelling) {
      if (Math.abs(other.length - word.length) > 8 || other[0] !== word[0]) continue;
      const far = distance(word, other) + Math.abs(other.length - word.length) / 20;
      if (far < least) [least, found] = [far, printed];
    }
    return found;
  }

  // Letters to insert, leave out, replace or swap to get from `a` to the beginning of `b` that is
  // nearest to it.
  function distance(a, b) {
    let before = [];
    let row = Array.from({ length: b.length + 1 }, (_, j) => j);
    for (let i = 1; i <= a.length; i++) {
      const next = [i];
      for (let j = 1; j <= b.length; j++) {
        next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] !== b[j - 1]));
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
          next[j] = Math.min(next[j], before[j - 2] + 1);
        }
      }
      [before, row] = [row, next];
    }
    return Math.min(...row);
  }

  // ---- The text ---------------------------------------------------------------------------------
  const loading = { list: null, text: null };
  let pagefind = null;

  async function loadText() {
    pagefind = await import(new URL("pagefind.js", BUNDLE).href);
    await pagefind.options({ excerptLength: 24 });
    await pagefind.init();
  }

  // Pages that have all words, best first. Each Chinese character is a word in the index (the build
  // sees to that), so Chinese is looked for as a phrase: first as typed, then, where no page has
  // that, by its words.
  async function inText(query) {
    const phrases = query.match(HAN) ?? [];
    const pages = await havingPhrases(query, phrases);
    return pages.length || !phrases.length
      ? pages
      : havingPhrases(query, phrases.flatMap(chineseWords));
  }

  const chineseWords = (phrase) =>
    [...new Intl.Segmenter("zh", { granularity: "word" }).segment(phrase)].map(
      ({ segment }) => segment,
    );

  async function havingPhrases(query, phrases) {
    const spaced = query
      .replaceAll('"', " ")
      .replace(HAN, (run) => ` ${[...run].join(" ")} `)
      .trim();
    let { results } = await pagefind.search(
      query.length > 2 && /^".+"$/.test(query) ? `"${spaced}"` : spaced,
    );
    for (const phrase of phrases) {
      const { results: having } = await pagefind.search(`"${[...phrase].join(" ")}"`);
      const byId = new Map(having.map((result) => [result.id, result]));
      // Where the phrase is all that is asked for, its own result knows best what to show.
      results = results
        .filter(({ id }) => byId.has(id))
        .map((result) => (phrase === query ? byId.get(result.id) : result));
    }
    return results;
  }

  // The sections of a page that say most about the query: those with the most of its words, then
  // those where they weigh most.
  function bestSections(page, query, most) {
    const stems = wordsOf(query).map((word) => word.slice(0, Math.max(4, word.length - 3)));
    const printed = page.content.split(/\s+/);
    const rank = (section) => {
      const found = section.locations.map((place) => form(printed[place] ?? "").whole);
      const had = stems.filter((stem) => found.some((word) => word.includes(stem))).length;
      return (
        had * 1e6 + section.weighted_locations.reduce((sum, place) => sum + place.balanced_score, 0)
      );
    };
    const ranked = page.sub_results.map((section) => [rank(section), section]);
    return ranked
      .sort((a, b) => b[0] - a[0])
      .slice(0, most)
      .map(([, section]) => section);
  }

  // ---- Showing ----------------------------------------------------------------------------------
  function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }

  // Text as nodes, its Chinese marked as such.
  const nodes = (text) =>
    text
      .split(CHINESE)
      .map((part, place) =>
        place % 2 ? element("span", { lang: "zh", class: "lr-zh" }, part) : part,
      );

  // Pagefind's excerpt is text with < and > escaped, and <mark>: made into nodes, whatever else it
  // holds. Chinese stays marked only where it is what was asked for, not where single characters of
  // it stand.
  function marked(excerpt, query) {
    const phrases = (query.match(HAN) ?? []).flatMap((phrase) => [phrase, ...chineseWords(phrase)]);
    const text = excerpt.replaceAll("</mark> <mark>", " ").replace(BETWEEN_CHINESE, "");
    const line = element("span", { class: "lr-search-text" });
    let inMark = false;
    for (const part of text.split(/(<\/?mark>)/)) {
      if (part === "<mark>" || part === "</mark>") {
        inMark = part === "<mark>";
      } else if (part) {
        const plain = part.replaceAll("&lt;", "<").replaceAll("&gt;", ">");
        const isMeant =
          inMark && (!plain.match(HAN) || phrases.some((phrase) => plain.includes(phrase)));
        line.append(...(isMeant ? [element("mark", {}, ...nodes(plain))] : nodes(plain)));
      }
    }
    return line;
  }

  const OPTION = { role: "option", "aria-selected": "false" };

  function option(kind, url, title, ...lines) {
    const head = element(
      "span",
      { class: "lr-search-title" },
      element("span", { class: "lr-kind" }, kind),
      " ",
      ...title,
    );
    return element("a", { ...OPTION, href: url }, head, ...lines);
  }

  const aside = (text) => element("span", { class: "lr-search-aside" }, ...nodes(text));
  const titled = ({ title, zh = "" }) => [element("b", {}, ...nodes(title)), " ", aside(zh)];

  function namedOption({ thing }) {
    const detail =
      thing.kind === "paper"
        ? [thing.names?.[0], thing.text].filter(Boolean).join(". ")
        : (thing.text ?? "");
    return option(
      KINDS[thing.kind],
      new URL(thing.url, ROOT),
      titled(thing),
      element("span", { class: "lr-search-text" }, ...nodes(detail)),
    );
  }

  function textOptions(page, query, sections) {
    const thing = list.pages.get(page.url);
    return bestSections(page, query, sections).map((section) => {
      const under =
        section.anchor && section.title !== page.meta.title ? ` › ${section.title}` : "";
      return option(
        KINDS[thing?.kind ?? "page"],
        section.url,
        [...titled(thing ?? page.meta), aside(under)],
        marked(section.excerpt, query),
      );
    });
  }

  // The best of each kind, in order: at most `most` in all, and no more than `ofKind` papers or
  // tables.
  function chosen(found, most, ofKind) {
    const count = { paper: 0, table: 0 };
    return found
      .filter(({ thing }) => !(thing.kind in count) || ++count[thing.kind] <= ofKind)
      .slice(0, most);
  }

  // ---- One box ----------------------------------------------------------------------------------
  function equip(box) {
    const input = box.querySelector("input[name=q]");
    const status = box.querySelector(".lr-search-status");
    const results = box.querySelector(".lr-search-results");
    const dialog = box.closest("dialog");
    const most = dialog ? FEW : MANY;
    let turn = 0; // of the latest query: answers to earlier ones are dropped
    let shown = ""; // the query whose results are shown
    let timer = 0;

    function say(...parts) {
      status.replaceChildren(...parts);
    }

    // Whether list and Pagefind are there: asked for when the box is first used, again where that
    // failed.
    function load() {
      if (location.protocol === "file:") {
        const [folder, command, address] = [
          "index.html",
          "python3 -m http.server",
          "http://localhost:8000",
        ].map((text) => element("code", {}, text));
        say(
          "This page was opened as a file; its search needs a web server. In the folder of ",
          folder,
          " run ",
          command,
          " and open ",
          address,
          ".",
        );
        return [false, false];
      }
      loading.list ??= loadList().then(
        () => true,
        () => (loading.list = null),
      );
      loading.text ??= loadText().then(
        () => true,
        () => (loading.text = null),
      );
      return [loading.list, loading.text];
    }

    // Put the groups of options into the list; the option that was chosen stays so where that is
    // wanted.
    function show(groups, keep) {
      const parts = groups
        .filter(([, options]) => options.length)
        .map(([name, options]) => {
          const heading = element("span", { class: "lr-search-group", role: "presentation" }, name);
          return element("div", { role: "group", "aria-label": name }, heading, ...options);
        });
      const at = keep && active()?.getAttribute("href");
      results.replaceChildren(...parts);
      results.hidden = !parts.length;
      input.setAttribute("aria-expanded", String(parts.length > 0));
      options().forEach((each, place) => {
        each.id = `${results.id}-${place}`;
      });
      choose(options().find((each) => each.getAttribute("href") === at) ?? options()[0], false);
    }

    const asked = () => input.value.trim().slice(0, MOST_LETTERS);
    const options = () => [...results.querySelectorAll("[role=option]")];
    const active = () => results.querySelector("[aria-selected=true]");

    function choose(one, inView = true) {
      active()?.setAttribute("aria-selected", "false");
      if (!one) {
        input.removeAttribute("aria-activedescendant");
        return;
      }
      one.setAttribute("aria-selected", "true");
      input.setAttribute("aria-activedescendant", one.id);
      if (inView) one.scrollIntoView({ block: "nearest" });
    }

    async function search() {
      const mine = ++turn;
      const query = asked();
      const [listThere, textThere] = load();
      if (location.protocol === "file:") return;
      if (!dialog) {
        history.replaceState(
          null,
          "",
          query ? `?q=${encodeURIComponent(query)}` : location.pathname,
        );
      }
      const isListed = await listThere;
      if (mine !== turn) return;
      if (!query || !isListed) {
        shown = "";
        show([]);
        say(query ? "The search could not be loaded. Type again to try again." : "");
        return;
      }
      let interim = "";
      const words = spelt(query);
      const found = named(form(words.corrected ? words.query : query));
      const listed = (isMeant, number) =>
        chosen(
          found.filter(({ fit }) => isMeant(fit[0])),
          number,
          most.ofKind,
        ).map(namedOption);
      const called = ["By name", listed((fit) => fit > SAID, most.names)];
      const meanwhile = setTimeout(() => {
        // what stands in the text follows below
        if (mine !== turn || !called[1].length) return;
        show([called]);
        interim = query;
      }, 150);
      const pages = (await textThere) && (await inPages(words.query, found).catch(() => null));
      clearTimeout(meanwhile);
      if (mine !== turn) return;
      const texts = ["In the text", pages || []];
      const mentions = [
        "In definitions, titles and summaries",
        listed((fit) => fit === SAID, most.mentions),
      ];
      const count = called[1].length + texts[1].length + mentions[1].length;
      const address = `${box.action}?q=${encodeURIComponent(query)}`;
      const all = element("a", { ...OPTION, class: "lr-search-all", href: address }, "All results");
      show([called, texts, mentions, ["More", dialog && count ? [all] : []]], interim === query);
      shown = query;
      const as = words.corrected ? [" for ", element("b", {}, ...nodes(words.query))] : [];
      if (!pages) {
        say(`${count} found by name. The text could not be searched; try again later.`);
      } else if (count) {
        say(`${count} ${count === 1 ? "result" : "results"}`, ...as);
      } else {
        say(
          "Nothing found for ",
          element("b", {}, ...nodes(query)),
          ". Try another name, a part of it, or the Chinese term.",
        );
      }
    }

    // Options for the pages that have the words; where none has, for those with the title of the
    // term that the query names exactly.
    async function inPages(typed, found) {
      let query = typed;
      let pages = query.split(" ").every(isInText) ? await inText(query) : [];
      const exact = found.find(({ thing, fit }) => fit[0] >= IS && thing.kind === "term");
      if (!pages.length && exact) {
        query = exact.thing.title;
        pages = await inText(query);
      }
      const fragments = await Promise.all(pages.slice(0, most.text).map((page) => page.data()));
      return fragments.flatMap((page) => textOptions(page, query, most.sections));
    }

    function isInText(word) {
      const whole = form(word).whole;
      return (
        /\p{Script=Han}/u.test(word) ||
        !/\p{L}/u.test(whole) ||
        list.words.some((each) => each.startsWith(whole))
      );
    }

    input.addEventListener("focus", load);
    for (const event of ["input", "compositionend"]) {
      input.addEventListener(event, ({ isComposing }) => {
        if (isComposing) return; // Chinese being typed
        clearTimeout(timer);
        timer = setTimeout(search, 120);
      });
    }
    input.addEventListener("keydown", (event) => {
      if (event.isComposing || !["ArrowDown", "ArrowUp", "Enter"].includes(event.key)) return;
      const all = options();
      if (event.key === "Enter") {
        // Not yet there: the page of results will wait for them.
        if (shown !== asked() || !active()) return;
        event.preventDefault();
        active().click();
      } else if (all.length) {
        event.preventDefault();
        const step = event.key === "ArrowDown" ? 1 : -1;
        choose(all[(all.indexOf(active()) + step + all.length) % all.length]);
      }
    });
    if (dialog) {
      box.querySelector(".lr-search-close").addEventListener("click", () => dialog.close());
      // A result on this very page would else stay behind it.
      results.addEventListener("click", () => dialog.close());
    } else {
      box.addEventListener("submit", (event) => {
        event.preventDefault();
        search();
      });
      input.value = (new URLSearchParams(location.search).get("q") ?? "").slice(0, MOST_LETTERS);
      if (input.value) search();
      else input.focus();
    }
  }

  document.querySelectorAll("form.lr-search").forEach(equip);
})();
