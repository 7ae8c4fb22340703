// What every part of the pages is drawn with; its script follows this one. Text arrives as data
// and becomes text nodes: nothing is ever parsed as HTML.
const SVG = "http://www.w3.org/2000/svg";

function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") node.className = value;
    else if (name === "on") for (const [event, act] of Object.entries(value)) node.addEventListener(event, act);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return node;
}

function drawing(path) {
  const node = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({ viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" }))
    node.setAttribute(name, value);
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  node.append(line);
  return node;
}

function chip(fact) {
  return element("span", { class: `chip ${fact.tone || ""}` }, fact.text);
}

// Draws into the part's own root, and only when what it is told has changed. `draw` gives nodes.
function drawPart({ data: [data], parentElement, setTriggerValue }, name, draw) {
  let root = parentElement.querySelector(`.${name}`);
  if (!root) {
    root = element("div", { class: `part ${name}` });
    parentElement.append(root);
  }
  root.send = setTriggerValue;
  const told = JSON.stringify(data);
  if (root.told === told) return root;
  root.told = told;
  const redraw = () => {
    const part = { data, host: root, send: (event, value) => root.send(event, value), redraw };
    root.replaceChildren(...draw(part).flat(Infinity).filter(Boolean));
  };
  redraw();
  root.dataset.drawn = data.draw || name;
  return root;
}
