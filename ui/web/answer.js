// Draws an answer: the verdict, the best passage, the others, and what to try.

const ICONS = {
  answered: "M20 6 9 17l-5-5",
  weak: "M12 8v5m0 3.5v.01M12 3 2.5 20h19L12 3z",
  not_found: "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zm9 16-4-4M8.5 11h5",
  gap: "M9.5 9a2.6 2.6 0 1 1 3.7 2.4c-.8.4-1.2 1-1.2 1.9m0 3.2v.01M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
  page: "M14 3H6v18h12V7l-4-4zm0 0v4h4M9 12h6m-6 4h6",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  link: "M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3A4 4 0 0 0 11 18.7l1-1",
  print: "M7 8V3h10v5M7 17H4V9h16v8h-3M7 14h10v7H7z",
  file: "M12 3v11m0 0-4-4m4 4 4-4M5 19h14",
  add: "M12 5v14M5 12h14",
  around: "M8 9l4-4 4 4M8 15l4 4 4-4",
  up: "M7 11v9H4v-9zm0 0 4-8c1.5 0 2.5 1 2.5 2.5V9H19a1.8 1.8 0 0 1 1.8 2.1l-1.3 7.4A1.8 1.8 0 0 1 17.7 20H7",
  down: "M17 13V4h3v9zm0 0-4 8c-1.5 0-2.5-1-2.5-2.5V15H5a1.8 1.8 0 0 1-1.8-2.1l1.3-7.4A1.8 1.8 0 0 1 6.3 4H17",
  shield: "M12 3 4.5 6v5.5c0 4.5 3 8 7.5 9.5 4.5-1.5 7.5-5 7.5-9.5V6L12 3zm-3.5 9 2.5 2.5 4.5-5",
  alert: "M12 8v5m0 3.5v.01M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
};

function icon(name) {
  return drawing(ICONS[name]);
}

function inline(segments) {
  return segments.map((part) => (part.mark ? element("mark", {}, part.text) : part.text));
}

function rowsOf(blocks) {
  const { columns } = blocks[0];
  const head = columns.length
    ? element("thead", {}, element("tr", {}, columns.map((name) => element("th", { scope: "col" }, name))))
    : null;
  const cell = (segments, at) =>
    element("td", {}, columns[at] ? element("span", { class: "label", "aria-hidden": "true" }, columns[at]) : null, element("span", {}, inline(segments)));
  return element("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": "Table rows" },
    element("table", {}, head, element("tbody", {}, blocks.map((block) => element("tr", {}, block.cells.map(cell))))));
}

// Rows that follow each other are one table, headings that do so one path.
function lines(blocks) {
  const runs = [];
  for (const block of blocks) {
    const last = runs.at(-1);
    if (last && last[0].kind === block.kind && ["row", "heading"].includes(block.kind)) last.push(block);
    else runs.push([block]);
  }
  return runs.map((run) => {
    if (run[0].kind === "row") return rowsOf(run);
    if (run[0].kind === "heading") return element("p", { class: "path" }, run.map((block) => element("span", {}, inline(block.segments))));
    return element("p", { class: run[0].kind }, inline(run[0].segments));
  });
}

function passage(card) {
  const beside = (blocks, where) => (blocks?.length ? element("div", { class: `beside ${where}`, role: "group", "aria-label": `What stands ${where} the passage` }, lines(blocks)) : null);
  return element("blockquote", { class: "passage" },
    beside(card.around?.before, "before"),
    card.around ? element("div", { class: "itself" }, lines(card.blocks)) : lines(card.blocks),
    beside(card.around?.after, "after"));
}

function band(shown) {
  return shown ? element("p", { class: `band ${shown.tone}` }, icon("alert"), element("span", {}, shown.text)) : null;
}

function source(card) {
  if (!card.source) return null;
  let address;
  try {
    address = new URL(card.source);
  } catch {
    return null;
  }
  if (address.protocol !== "https:" && address.protocol !== "http:") return null;
  return element(
    "a",
    { href: address.href, target: "_blank", rel: "noopener noreferrer", class: "source" },
    element("span", { class: "host" }, address.hostname),
    element("span", { class: "printed" }, address.href),
    element("span", { class: "unseen" }, " (the source, opens in a new tab)"),
  );
}

function fact(label, tone, ...shown) {
  return element("div", { class: "fact" }, element("dt", {}, label), element("dd", { class: tone }, shown));
}

function place(card) {
  const link = source(card);
  return element("dl", { class: "facts" },
    card.facts.map((one) => fact(one.label, one.tone, one.text)),
    link ? fact("Source", "", link) : null);
}

async function copied(text, host) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Without a secure address browsers refuse the clipboard; the older way still works there.
    const area = document.createElement("textarea");
    area.className = "unseen";
    area.value = text;
    host.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

function button(name, text, act, extra = {}) {
  return element("button", { type: "button", ...extra, on: { click: act } }, icon(name), text ? element("span", { class: "said" }, text) : null);
}

function copier(desk, name, text, what) {
  const { state } = desk;
  const id = `${name} ${text}`;
  const said = state.copied?.id === id ? (state.copied.done ? "Copied" : "Press Ctrl+C") : text;
  const act = async () => {
    state.copied = { id, done: await copied(what(), desk.host) };
    desk.redraw();
    setTimeout(() => {
      if (state.copied?.id === id) state.copied = null;
      desk.redraw();
    }, 1600);
  };
  return button(name === "link" ? "link" : "copy", said, act);
}

// The passages that are read now: the first and those that were opened. They are printed.
function unfolded(desk) {
  const opened = desk.state.opened ?? new Set();
  return desk.data.cards.map((card) => card.rank).filter((rank, at) => (at === 0 && desk.data.lead) || opened.has(rank));
}

function actions(card, desk) {
  const link = () => new URL(card.link, window.location.href).href;
  const { data } = desk;
  const first = data.whole && card === data.cards[0];
  return element(
    "div",
    { class: "actions" },
    button("page", card.open_label, () => desk.send("open", card.open), { class: "main" }),
    card.more_around ? button("around", "More context", () => desk.send("around", card.open)) : null,
    copier(desk, `plain ${card.rank}`, "Copy with citation", () => card.plain),
    copier(desk, `markdown ${card.rank}`, "Copy as Markdown", () => card.markdown),
    copier(desk, "link", "Copy link", link),
    "packed" in card ? button(card.packed ? "answered" : "add", card.packed ? "In the packet" : "Add to packet", () => desk.send("pack", { rank: card.rank, packed: !card.packed }), { "aria-pressed": String(card.packed) }) : null,
    first ? button("print", "Print", () => desk.send("print", { ranks: unfolded(desk) })) : null,
    first ? button("file", "PDF", () => desk.send("file", { format: "pdf", ranks: unfolded(desk) }), { "aria-label": "Save as PDF" }) : null,
  );
}

const THANKS = { up: "Thank you. Noted.", down: "Thank you. It is on the list of what the library lacks." };

function rating(card, desk) {
  const { data, state } = desk;
  if (!data.reasons) return null;
  const given = state.rated?.[card.rank] ?? card.rated ?? null;
  const send = (good, reason) => {
    state.rated = { ...state.rated, [card.rank]: good ? "up" : "down" };
    state.asked = null;
    desk.send("rate", { rank: card.rank, good, reason });
    desk.redraw();
  };
  const asks = state.asked === card.rank;
  const reasons = element("div", { class: "reasons", hidden: !asks },
    data.reasons.map((reason) => element("button", { type: "button", class: "pill", on: { click: () => send(false, reason.id) } }, reason.text)));
  const ask = () => {
    state.asked = asks ? null : card.rank;
    desk.redraw();
  };
  return element("div", { class: "rating" },
    element("p", { class: "thanks", role: "status" }, given && !asks ? THANKS[given] : ""),
    button("up", "", () => send(true, null), { class: "quiet", "aria-label": "This helped", "aria-pressed": String(given === "up") }),
    button("down", "", ask, { class: "quiet", "aria-label": "This did not help", "aria-pressed": String(given === "down"), "aria-expanded": String(asks) }),
    reasons);
}

function why(card) {
  if (!card.why.length) return null;
  return element(
    "details",
    { class: "why" },
    element("summary", {}, "Why this passage"),
    element("ul", {}, card.why.map((sentence) => element("li", {}, sentence))),
  );
}

function verified(card) {
  return element("span", { class: card.verified ? "verified" : "verified wrong" }, icon(card.verified ? "shield" : "alert"), card.verified_text);
}

function full(card, desk, tone) {
  return element(
    "article",
    { class: `card ${tone || ""}`, "aria-label": `Passage ${card.rank}: ${card.title}` },
    band(card.band),
    passage(card),
    element(
      "div",
      { class: "cited" },
      element("h3", { class: "title" }, card.title),
      element("div", { class: "chips" }, card.chips.map(chip), verified(card)),
      place(card),
      why(card),
    ),
    element("div", { class: "foot" }, actions(card, desk), rating(card, desk)),
  );
}

function folded(card, desk) {
  const opened = (desk.state.opened ??= new Set());
  const toggle = (event) => {
    if (event.currentTarget.open === opened.has(card.rank)) return;
    if (event.currentTarget.open) opened.add(card.rank);
    else opened.delete(card.rank);
    desk.redraw();
  };
  return element(
    "details",
    { class: "fold", key: card.rank, on: { toggle } },
    element(
      "summary",
      {},
      element("span", { class: "rank", "aria-hidden": "true" }, String(card.rank)),
      element(
        "span",
        { class: "brief" },
        element("span", { class: "line" }, element("strong", {}, card.title), card.chips.map(chip)),
        element("span", { class: "teaser" }, card.teaser),
      ),
    ),
    element("div", { class: "unfolded" }, opened.has(card.rank) ? full(card, desk) : null),
  );
}

function verdict(shown) {
  return element(
    "header",
    { class: `verdict ${shown.state}`, role: "status" },
    element("span", { class: "badge" }, icon(shown.icon)),
    element("div", {}, element("h2", {}, shown.title), element("p", {}, shown.sentence)),
  );
}

function list(title, sentences) {
  if (!sentences.length) return null;
  return element("section", { class: "notes" }, element("h3", {}, title), element("ul", {}, sentences.map((one) => element("li", {}, one))));
}

function choices(title, offers, desk) {
  if (!offers.length) return null;
  return element(
    "section",
    { class: "offers" },
    element("h3", {}, title),
    element(
      "div",
      { class: "pills" },
      offers.map((offer) =>
        element("button", { type: "button", class: "pill", on: { click: () => desk.send(offer.event, offer.value) } },
          element("span", {}, offer.text), offer.hint ? element("small", {}, offer.hint) : null),
      ),
    ),
  );
}

// What only paper shows: what was asked, for which day, when it was printed, where it is found.
function letterhead(desk) {
  const { asked } = desk.data;
  if (!asked) return null;
  const facts = [["Date of service", asked.day], ["Printed", new Date().toLocaleDateString("en-US", { dateStyle: "medium" })], ["Address", new URL(asked.link, window.location.href).href]];
  return element("section", { class: "paper", "aria-hidden": "true" },
    element("h1", {}, asked.question),
    element("dl", { class: "facts" }, facts.map(([label, text]) => fact(label, "", text))));
}

function pictures(desk) {
  const shown = desk.data.print?.pictures ?? [];
  return element("section", { class: "paper pictures", "aria-hidden": "true" },
    shown.map((one) => element("figure", {}, element("img", { src: `data:image/png;base64,${one.png}`, alt: "" }), element("figcaption", {}, one.caption))));
}

async function printed(desk) {
  const { print, file } = desk.data;
  if (print && desk.host.printed !== print.token) {
    desk.host.printed = print.token;
    await Promise.all([...desk.host.querySelectorAll(".pictures img")].map((one) => one.decode().catch(() => null)));
    window.print();
  }
  if (file && desk.host.saved !== file.token) {
    desk.host.saved = file.token;
    const bytes = Uint8Array.from(atob(file.bytes), (letter) => letter.charCodeAt(0));
    const address = URL.createObjectURL(new Blob([bytes], { type: file.type }));
    const link = document.createElement("a");
    Object.assign(link, { href: address, download: file.name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  }
}

function answer(desk) {
  const { data } = desk;
  const [best, ...others] = data.cards;
  return [
    letterhead(desk),
    verdict(data.verdict),
    list(data.missing_title, data.missing),
    data.lead && best ? [element("p", { class: "lead" }, data.lead), full(best, desk, data.verdict.state)] : null,
    choices("What to try", data.offers, desk),
    data.lead && others.length
      ? element("section", { class: "others" }, element("h3", {}, data.others_title), others.map((card) => folded(card, desk)))
      : null,
    !data.lead && data.cards.length
      ? element("details", { class: "nearest" }, element("summary", {}, data.others_title), data.cards.map((card) => folded(card, desk)))
      : null,
    element("footer", { class: "searched" }, data.searched.map((sentence) => element("p", {}, sentence))),
    pictures(desk),
  ];
}

function start(desk) {
  const { data } = desk;
  return [
    element("header", { class: "hero" }, element("h1", {}, data.title), element("p", {}, data.sentence)),
    ...data.groups.map((group) => choices(group.title, group.offers, desk)),
    element("footer", { class: "searched" }, data.searched.map((sentence) => element("p", {}, sentence))),
  ];
}

function examples(desk) {
  return start(desk).slice(1);
}

function cards(desk) {
  return desk.data.cards.map((card) => full(card, desk));
}

const DRAWN = { answer, start, examples, cards };

export default function (component) {
  const root = drawPart(component, "desk", (desk) => DRAWN[desk.data.draw](desk));
  printed({ data: component.data[0], host: root });
  const dated = () => root.redraw(); // the day of printing, for who prints with the browser's own keys
  window.addEventListener("beforeprint", dated);
  return () => window.removeEventListener("beforeprint", dated);
}
