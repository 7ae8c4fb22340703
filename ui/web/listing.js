// Draws lists of quoted sentences in groups: a code's passages, payers side by side, two versions
// compared, a document as it was split. Text arrives as data and becomes text nodes only.

function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") node.className = value;
    else if (name === "on") for (const [event, act] of Object.entries(value)) node.addEventListener(event, act);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

const TAGS = { mark: "mark", added: "ins", removed: "del", word: "strong" };

function piece(part) {
  if (!TAGS[part.tone]) return document.createTextNode(part.text);
  return element(TAGS[part.tone], {}, part.text);
}

function entry(one, desk) {
  const open = one.open
    ? element("button", { type: "button", class: "open", on: { click: () => desk.send("open", one.open) } }, one.open_label || "Open")
    : null;
  const place = [one.place, one.note].filter(Boolean);
  return element("li", { class: one.tone || "" },
    one.label ? element("span", { class: `label ${one.tone || ""}` }, one.label) : null,
    one.pieces.length ? element("p", { class: "quote" }, one.pieces.map(piece)) : null,
    place.length || open
      ? element("p", { class: "place" }, place.map((text) => element("span", {}, text)), open)
      : null);
}

function group(one, desk) {
  const head = element("div", { class: "head" },
    element("h3", {}, one.title),
    one.chips.length ? element("p", { class: "chips" }, one.chips.map((chip) => element("span", { class: `chip ${chip.tone || ""}` }, chip.text))) : null,
    one.sub ? element("p", { class: "sub" }, one.sub) : null);
  const body = element("div", { class: "body" },
    one.warning ? element("p", { class: "warning" }, one.warning) : null,
    one.note ? element("p", { class: "none" }, one.note) : null,
    one.entries.length ? element("ul", {}, one.entries.map((inner) => entry(inner, desk))) : null);
  return element("section", { class: `group ${one.wide ? "wide" : ""}`, "aria-label": one.title }, head, body);
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  let root = parentElement.querySelector(".listing");
  if (!root) {
    root = element("div", { class: "listing" });
    parentElement.append(root);
  }
  root.send = setTriggerValue;
  const told = JSON.stringify(data);
  if (root.told === told) return;
  root.told = told;
  const desk = { send: (event, value) => root.send(event, value) };
  root.replaceChildren(
    ...[
      data.title ? element("h2", {}, data.title) : null,
      data.sentences.length ? element("div", { class: "sentences" }, data.sentences.map((one) => element("p", {}, one))) : null,
      ...data.groups.map((one) => group(one, desk)),
    ].filter(Boolean),
  );
}
