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
  up: "M7 11v9H4v-9zm0 0 4-8c1.5 0 2.5 1 2.5 2.5V9H19a1.8 1.8 0 0 1 1.8 2.1l-1.3 7.4A1.8 1.8 0 0 1 17.7 20H7",
  down: "M17 13V4h3v9zm0 0-4 8c-1.5 0-2.5-1-2.5-2.5V15H5a1.8 1.8 0 0 1-1.8-2.1l1.3-7.4A1.8 1.8 0 0 1 6.3 4H17",
  shield: "M12 3 4.5 6v5.5c0 4.5 3 8 7.5 9.5 4.5-1.5 7.5-5 7.5-9.5V6L12 3zm-3.5 9 2.5 2.5 4.5-5",
  alert: "M12 8v5m0 3.5v.01M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
};

function icon(name) {
  return drawing(ICONS[name]);
}

function inline(segments) {
  return segments.map((part) => (part.mark ? element("mark", {}, part.text) : document.createTextNode(part.text)));
}

function passage(blocks) {
  const nodes = [];
  let rows = null;
  let path = null;
  for (const block of blocks) {
    if (block.kind !== "row") rows = null;
    if (block.kind !== "heading") path = null;
    if (block.kind === "row") {
      if (!rows) {
        rows = element("tbody");
        const head = block.columns.length
          ? element("thead", {}, element("tr", {}, block.columns.map((name) => element("th", { scope: "col" }, name))))
          : null;
        nodes.push(element("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": "Table rows" }, element("table", {}, head, rows)));
      }
      rows.append(element("tr", {}, block.cells.map((cell, at) => element("td", {}, block.columns[at] ? element("span", { class: "label", "aria-hidden": "true" }, block.columns[at]) : null, element("span", {}, inline(cell))))));
    } else if (block.kind === "heading") {
      if (!path) nodes.push((path = element("p", { class: "path" })));
      path.append(element("span", {}, inline(block.segments)));
    } else {
      nodes.push(element("p", { class: block.kind }, inline(block.segments)));
    }
  }
  return element("blockquote", { class: "passage" }, nodes);
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
    address.hostname,
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

async function copy(text, button, host) {
  const said = button.querySelector(".said");
  const before = said.textContent;
  let done = false;
  try {
    await navigator.clipboard.writeText(text);
    done = true;
  } catch {
    // Without a secure address browsers refuse the clipboard; the older way still works there.
    const area = element("textarea", { class: "unseen", "aria-hidden": "true" });
    area.value = text;
    host.append(area);
    area.select();
    done = document.execCommand("copy");
    area.remove();
  }
  said.textContent = done ? "Copied" : "Press Ctrl+C";
  setTimeout(() => (said.textContent = before), 1600);
}

function button(name, text, act, extra = {}) {
  return element("button", { type: "button", ...extra, on: { click: act } }, icon(name), element("span", { class: "said" }, text));
}

function actions(card, desk) {
  const link = () => new URL(card.link, window.location.href).href;
  const on = (text) => (event) => copy(typeof text === "function" ? text() : text, event.currentTarget, desk.host);
  return element(
    "div",
    { class: "actions" },
    button("page", card.open_label, () => desk.send("open", card.open), { class: "main" }),
    button("copy", "Copy with citation", on(card.plain)),
    button("copy", "Copy as Markdown", on(card.markdown)),
    button("link", "Copy link", on(link)),
    desk.data.print ? button("print", "Print", () => window.print()) : null,
  );
}

function rating(card, desk) {
  if (!desk.data.reasons) return null;
  const note = element("p", { class: "thanks", role: "status" });
  const send = (good, reason) => {
    desk.send("rate", { rank: card.rank, good, reason });
    box.replaceChildren(note);
    note.textContent = good ? "Thank you. Noted." : "Thank you. It is on the list of what the library lacks.";
  };
  const reasons = element(
    "div",
    { class: "reasons", hidden: true },
    desk.data.reasons.map((reason) => element("button", { type: "button", class: "pill", on: { click: () => send(false, reason.id) } }, reason.text)),
  );
  const down = button("down", "", () => {
    reasons.hidden = !reasons.hidden;
    down.setAttribute("aria-expanded", String(!reasons.hidden));
  }, { class: "quiet", "aria-label": "This did not help", "aria-expanded": "false" });
  const up = button("up", "", () => send(true, null), { class: "quiet", "aria-label": "This helped" });
  const box = element("div", { class: "rating" }, up, down, reasons);
  return box;
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
    passage(card.blocks),
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
  const body = element("div", { class: "unfolded" });
  const fold = element(
    "details",
    {
      class: "fold",
      on: {
        toggle: () => {
          if (fold.open && !body.childElementCount) body.append(full(card, desk));
        },
      },
    },
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
    body,
  );
  return fold;
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

function tries(data, desk) {
  if (!data.advice.length && !data.offers.length) return null;
  const offers = choices("What to try", data.offers, desk) || element("section", { class: "offers" }, element("h3", {}, "What to try"));
  if (data.advice.length) offers.append(element("ul", { class: "advice" }, data.advice.map((one) => element("li", {}, one))));
  return offers;
}

function answer(desk) {
  const { data } = desk;
  const [best, ...others] = data.cards;
  return [
    verdict(data.verdict),
    list(data.missing_title, data.missing),
    data.lead && best ? [element("p", { class: "lead" }, data.lead), full(best, desk, data.verdict.state)] : null,
    tries(data, desk),
    data.lead && others.length
      ? element("section", { class: "others" }, element("h3", {}, data.others_title), others.map((card) => folded(card, desk)))
      : null,
    !data.lead && data.cards.length
      ? element("details", { class: "nearest" }, element("summary", {}, data.others_title), data.cards.map((card) => folded(card, desk)))
      : null,
    element("footer", { class: "searched" }, data.searched.map((sentence) => element("p", {}, sentence))),
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
  drawPart(component, "desk", (desk) => DRAWN[desk.data.draw](desk));
}
