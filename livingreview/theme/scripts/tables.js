// Tools for long tables: find, filter, sort, choose columns, take away as CSV. All rows stand in
// the page, each with its context in a <details>; the script only hides and orders them. It goes by
// what the data say of a row (`data-values`; what the values mean is in the table's JSON block),
// and by the text of the cells where a table has no records.
"use strict";
(() => {
  const ENOUGH = 12; // a table without records gets tools where it has more rows than this
  const STEP = 20; // so many cards are shown at first, and more for each asking
  // Where tables.css makes a row a card.
  const CARDS = matchMedia("screen and (max-width: 767.98px)");
  const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const isEmpty = (value) => value === "" || value === "–" || value === "not_stated";

  // An element with its properties, attributes and listeners, and what is in it.
  function make(tag, settings, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(settings)) {
      if (typeof value === "function") made.addEventListener(name, value);
      else if (name in made) made[name] = value;
      else made.setAttribute(name, value);
    }
    made.append(...children);
    return made;
  }

  class Row {
    constructor(element, fields) {
      this.element = element;
      this.cells = (element.rows?.[0] ?? element).cells;
      this.fields = fields;
    }

    // Recorded values, or the texts of the cells. Read when first asked for, as is the text to
    // search.
    get values() {
      const recorded = this.element.dataset.values;
      return (this.read ??= recorded
        ? JSON.parse(recorded)
        : Array.from(this.cells, (cell) => cell.textContent.trim().replace(/\s+/g, " ")));
    }

    get text() {
      const words = this.fields.map((field, i) => field.words[this.values[i]] ?? "");
      return (this.folded ??= fold(
        [...this.cells]
          .map((cell) => cell.textContent)
          .concat(words, this.values)
          .join("\n"),
      ));
    }
  }

  class Table {
    constructor(table, records) {
      this.table = table;
      this.recorded = Boolean(records);
      this.heads = [...table.tHead.rows[0].cells];
      this.names = this.heads.map((head) => head.textContent.trim());
      this.fields = records?.fields ?? this.names.map((name) => ({ name, words: {} }));
      const place = (name) => this.fields.findIndex((field) => field.name === name);
      // Places of their fields.
      this.columns =
        records?.columns.map((names) => names.map(place)) ?? this.names.map((_, i) => [i]);
      this.rows = Array.from(
        records ? table.tBodies : table.tBodies[0].rows,
        (element) => new Row(element, this.fields),
      );
      this.askForAll();
      this.build();
      this.update();
    }

    askForAll() {
      this.words = [];
      // Values wanted of each field; any where none is chosen.
      this.chosen = this.fields.map(() => new Set());
      [this.order, this.descending] = [null, false]; // the column to sort by
      this.without = new Set(); // columns that are hidden
    }

    word(i, value) {
      return isEmpty(value) ? "not stated" : String(this.fields[i].words[value] ?? value);
    }

    passes(row, but) {
      const fits = (values, i) =>
        i === but || !values.size || values.has(this.word(i, row.values[i]));
      return this.chosen.every(fits) && this.words.every((word) => row.text.includes(word));
    }

    // What a row is sorted by: for each field its number, the place of its word in their order, or
    // its text; null: not stated.
    keys(row) {
      return this.columns[this.order].map((i) => {
        const value = row.values[i];
        const place = Object.keys(this.fields[i].words).indexOf(value);
        return isEmpty(value) ? null : place < 0 ? value : place;
      });
    }

    update() {
      this.left = this.rows.filter((row) => this.passes(row));
      if (this.order !== null) {
        const keys = new Map(this.left.map((row) => [row, this.keys(row)]));
        this.left.sort((a, b) => compare(keys.get(a), keys.get(b), this.descending));
      }
      const inOrder = this.order === null ? this.rows : this.left;
      if (this.order !== null || this.sorted) {
        this.rows[0].element.parentNode.append(...inOrder.map((row) => row.element));
      }
      this.sorted = this.order !== null;
      this.show(STEP);
    }

    // Show what is left, on a narrow screen the first `most` of it, and say how much that is.
    show(most) {
      this.most = most;
      const all = this.rows.length;
      const left = this.left.length;
      const shown = CARDS.matches ? Math.min(most, left) : left;
      const seen = new Set(this.left.slice(0, shown));
      for (const row of this.rows) row.element.hidden = !seen.has(row);
      if (this.without.size || this.narrowed) {
        const cols = this.table.querySelectorAll("col");
        for (const line of [this.heads, cols, ...this.rows.map((row) => row.cells)]) {
          [...line].forEach((cell, i) => cell.toggleAttribute("hidden", this.without.has(i)));
        }
      }
      this.narrowed = this.without.size > 0;
      this.heads.forEach((head, i) => {
        if (i === this.order) {
          head.setAttribute("aria-sort", this.descending ? "descending" : "ascending");
        } else {
          head.removeAttribute("aria-sort");
        }
      });
      this.count.textContent = left === all ? `${all} rows` : `${left} of ${all} rows`;
      this.more.hidden = shown === left;
      this.more.textContent = `Show ${Math.min(STEP, left - shown)} more of ${left} rows`;
      this.reset.disabled = !(
        this.words.length ||
        this.sorted ||
        this.narrowed ||
        this.chosen.some((values) => values.size)
      );
      this.menus.forEach((menu) => menu.refresh());
    }

    // Show the row that an element is or is in, whatever is asked for, and open it.
    reveal(element) {
      const row = this.rows.find((one) => one.element.contains(element));
      if (!this.left.includes(row)) this.clear();
      this.show(Math.max(this.most, this.left.indexOf(row) + 1));
      row.element.querySelector("details")?.setAttribute("open", "");
      row.element.scrollIntoView({
        block: row.element.offsetHeight < innerHeight / 2 ? "center" : "start",
      });
    }

    clear() {
      this.askForAll();
      this.find.value = "";
      this.update();
    }

    // The rows that are left, in their order, with what is recorded behind the columns that are
    // shown; ids always.
    csv() {
      const seen = new Set(this.columns.filter((_, i) => !this.without.has(i)).flat());
      const taken = [...this.fields.keys()].filter(
        (i) => seen.has(i) || (this.recorded && this.fields[i].name.endsWith("_id")),
      );
      const lines = [
        taken.map((i) => this.fields[i].name),
        ...this.left.map((row) => taken.map((i) => row.values[i])),
      ];
      const quoted = (value) =>
        /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
      return lines.map((line) => `${line.map(quoted).join(",")}\r\n`).join("");
    }

    download() {
      // The mark tells spreadsheets: UTF-8.
      const address = URL.createObjectURL(new Blob(["\ufeff", this.csv()], { type: "text/csv" }));
      make("a", { href: address, download: `${this.table.id.replace(/^tab-/, "")}.csv` }).click();
      setTimeout(() => URL.revokeObjectURL(address), 10000);
    }

    build() {
      const button = (text, click, settings = {}) =>
        make("button", { type: "button", click, ...settings }, ...[text].flat());
      const search = () => {
        this.words = fold(this.find.value).split(/\s+/).filter(Boolean);
        this.update();
      };
      const sort = (i) => {
        // Up, down, as it was.
        [this.order, this.descending] =
          this.order !== i ? [i, false] : this.descending ? [null, false] : [i, true];
        this.update();
      };
      const more = () => {
        const next = this.left[this.most];
        this.show(this.most + STEP);
        next.element.querySelector("a, summary")?.focus({ preventScroll: true });
      };
      this.find = make("input", {
        type: "search",
        placeholder: "Find in the rows",
        "aria-label": "Find in the rows",
        input: search,
      });
      this.count = make("output", { className: "lr-count" });
      this.reset = button("Reset", () => this.clear());
      this.more = button("", more, { className: "lr-more" });
      this.menus = this.fields.flatMap((field, i) =>
        field.filter ? this.filter(field.filter, i) : [],
      );
      if (this.heads.length > 2) this.menus.push(this.chooser());
      this.heads.forEach((head, i) =>
        head.append(button([...head.childNodes], () => sort(i), { className: "lr-sort" })),
      );
      const first = [
        this.find,
        this.count,
        button("Download CSV", () => this.download()),
        this.reset,
      ];
      const panel = make(
        "details",
        { className: "lr-table-panel", open: !CARDS.matches },
        make("summary", {}, "Filter and sort"),
        make(
          "div",
          { className: "lr-table-tools-line" },
          ...this.menus.map((menu) => menu.element),
        ),
      );
      CARDS.addEventListener("change", () => {
        panel.open = !CARDS.matches;
        this.show(STEP);
      });
      const name = this.table.querySelector(".caption-number")?.textContent.trim() ?? "the table";
      const label = `Tools for ${name}`;
      const frame = this.table.parentElement; // the theme's, in which it scrolls
      frame.before(
        make(
          "div",
          { className: "lr-table-tools", role: "group", "aria-label": label },
          make("div", { className: "lr-table-tools-line" }, ...first),
          panel,
        ),
      );
      frame.after(this.more);
    }

    // The values of a field, each with how many rows it would leave, all else that is asked for
    // being as it is.
    filter(label, i) {
      const found = new Set(this.rows.map((row) => this.word(i, row.values[i])));
      const inOrder = new Set(
        [...Object.values(this.fields[i].words), ...found].filter((word) => found.has(word)),
      );
      const options = () => {
        const left = this.rows
          .filter((row) => this.passes(row, i))
          .map((row) => this.word(i, row.values[i]));
        return Array.from(inOrder, (word) => ({
          word,
          count: left.filter((other) => other === word).length,
          on: this.chosen[i].has(word),
        }));
      };
      return new Menu(
        label,
        options,
        () => this.chosen[i].size,
        (word, on) => {
          this.chosen[i][on ? "add" : "delete"](word);
          this.update();
        },
      );
    }

    chooser() {
      const shown = () => this.names.length - this.without.size;
      const options = () =>
        this.names.map((word, i) => ({
          word,
          on: !this.without.has(i),
          fixed: !this.without.has(i) && shown() === 1,
        }));
      return new Menu(
        "Columns",
        options,
        () => this.without.size && shown(),
        (word, on) => {
          this.without[on ? "delete" : "add"](this.names.indexOf(word));
          this.show(this.most);
        },
      );
    }
  }

  function compare(one, other, descending) {
    for (const [i, a] of one.entries()) {
      const b = other[i];
      if (a === b) continue;
      // What is not stated comes last, either way.
      if (a === null || b === null) return a === null ? 1 : -1;
      const order = typeof a === "number" && typeof b === "number" ? a - b : collator.compare(a, b);
      if (order) return descending ? -order : order;
    }
    return 0;
  }

  // Boxes to tick behind a button. options(): {word, count, on, fixed} each; chosen(): number on
  // the button; choose(word, on).
  class Menu {
    constructor(label, options, chosen, choose) {
      Object.assign(this, { label, options, chosen });
      this.summary = make("summary", { click: () => this.fill() });
      this.list = make("div", {
        className: "lr-options",
        role: "group",
        "aria-label": label,
        change: ({ target }) => choose(target.value, target.checked),
      });
      const close = ({ key }) => {
        if (key !== "Escape") return;
        this.element.open = false;
        this.summary.focus();
      };
      this.element = make(
        "details",
        { className: "lr-table-menu", toggle: () => this.place(), keydown: close },
        this.summary,
        this.list,
      );
    }

    refresh() {
      const chosen = this.chosen();
      this.summary.replaceChildren(
        this.label,
        ...(chosen ? [make("span", { className: "lr-chosen" }, chosen)] : []),
      );
      if (this.element.open) this.fill();
    }

    fill() {
      const focused = this.list.contains(document.activeElement) && document.activeElement.value;
      this.list.replaceChildren(
        ...this.options().map(({ word, count = "", on, fixed = false }) =>
          make(
            "label",
            {},
            make("input", { type: "checkbox", value: word, checked: on, disabled: fixed }),
            make("span", {}, word),
            " ",
            make("span", { className: "lr-number" }, count),
          ),
        ),
      );
      [...this.list.querySelectorAll("input")].find((box) => box.value === focused)?.focus();
    }

    // Not over the edge of the screen.
    place() {
      this.list.style.left = 0;
      const { right } = this.list.getBoundingClientRect();
      this.list.style.left = `${Math.min(0, document.documentElement.clientWidth - 8 - right)}px`;
    }
  }

  // One menu at a time. Not before the click is over: on a narrow screen a menu that closes moves
  // what is below it.
  for (const event of ["click", "keyup"]) {
    document.addEventListener(event, ({ target }) => {
      for (const menu of document.querySelectorAll(".lr-table-menu[open]")) {
        if (target.isConnected && !menu.contains(target)) menu.open = false;
      }
    });
  }

  // A table gets its tools when it comes near the window, or when an address leads into it.
  const isLong = (table) =>
    table.rows.length > ENOUGH + 1 || table.querySelector("script.lr-records");
  const long = new Map(
    [...document.querySelectorAll("table.lr-table")].filter(isLong).map((table) => [table, null]),
  );
  function tooled(table) {
    const block = table.querySelector("script.lr-records");
    if (!long.get(table)) long.set(table, new Table(table, block && JSON.parse(block.textContent)));
    return long.get(table);
  }
  const near = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) tooled(target.querySelector("table"));
      }
    },
    { rootMargin: "500px" },
  );
  for (const table of long.keys()) near.observe(table.parentElement);

  function follow() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const table = target?.closest("tbody")?.parentElement;
    if (long.has(table)) tooled(table).reveal(target);
  }
  addEventListener("hashchange", follow);
  follow();
})();
