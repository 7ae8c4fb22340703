// Draws lists of quoted sentences in groups: a code's passages, payers side by side, two versions
// compared, a document as it was split.

const TAGS = { mark: "mark", added: "ins", removed: "del", word: "strong" };

function piece(part) {
  if (!TAGS[part.tone]) return part.text;
  return element(TAGS[part.tone], {}, part.text);
}

function entry(one, desk) {
  const open = one.open
    ? element("button", { type: "button", class: "open", on: { click: () => desk.send("open", one.open) } }, one.open_label || "Open")
    : null;
  const place = [one.place, one.note].filter(Boolean);
  return element("li", { class: one.tone || "" },
    one.names ? element("p", { class: "names" }, one.names) : null,
    one.label ? element("span", { class: `label ${one.tone || ""}` }, one.label) : null,
    one.pieces.length ? element("p", { class: "quote" }, one.pieces.map(piece)) : null,
    place.length || open
      ? element("p", { class: "place" }, place.map((text) => element("span", {}, text)), open)
      : null);
}

function group(one, desk) {
  const head = element("div", { class: "head" },
    element("h3", {}, one.title),
    one.chips.length ? element("p", { class: "chips" }, one.chips.map(chip)) : null,
    one.sub ? element("p", { class: "sub" }, one.sub) : null);
  const body = element("div", { class: "body" },
    one.warning ? element("p", { class: "warning" }, one.warning) : null,
    one.note ? element("p", { class: "none" }, one.note) : null,
    one.entries.length ? element("ul", {}, one.entries.map((inner) => entry(inner, desk))) : null);
  return element("section", { class: `group ${one.wide ? "wide" : ""}`, "aria-label": one.title }, head, body);
}

function listing({ data, send }) {
  return [
    data.title ? element("h2", {}, data.title) : null,
    data.sentences.length ? element("div", { class: "sentences" }, data.sentences.map((one) => element("p", {}, one))) : null,
    ...data.groups.map((one) => group(one, { send })),
  ];
}

export default function (component) {
  drawPart(component, "listing", listing);
}
