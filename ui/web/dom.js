// What every part of the pages is drawn with; its script follows this one. Text arrives as data
// and becomes text nodes: nothing is ever parsed as HTML. Preact changes only what differs from
// what was drawn before: what was opened stays open, and the cursor stays where it is.

function element(tag, { on = {}, ...attributes } = {}, ...children) {
  const given = Object.entries(attributes).filter(([, value]) => value !== null && value !== undefined && value !== false);
  const events = Object.entries(on).map(([event, act]) => [`on${event[0].toUpperCase()}${event.slice(1)}`, act]);
  return preact.h(tag, Object.fromEntries([...given, ...events]), ...children);
}

function drawing(path) {
  return element("svg", { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" }, element("path", { d: path }));
}

function chip(fact) {
  return element("span", { class: `chip ${fact.tone || ""}` }, fact.text);
}

// Draws into the part's own root, and only when what it is told has changed. `draw` gives elements.
// `state` is what the reader did with what is drawn; another `about` in the data starts it anew.
function drawPart({ data: [data], parentElement, setTriggerValue }, name, draw) {
  let root = parentElement.querySelector(`.${name}`);
  if (!root) {
    root = document.createElement("div");
    root.className = `part ${name}`;
    const around = document.createElement("div");
    around.className = "codedesk"; // where a part shares the page with Streamlit, its rules hold here
    around.append(root);
    // What was pressed last outside a dialog: who closes the dialog is brought back to it.
    root.addEventListener("click", (event) => {
      if (!root.closest("[role=dialog]")) window.codedeskOpener = event.composedPath()[0].closest("button");
    });
    parentElement.append(around);
  }
  root.send = setTriggerValue;
  const told = JSON.stringify(data);
  if (root.told === told) return root;
  root.told = told;
  const about = data.about ?? "";
  if (root.about !== about || !root.state) Object.assign(root, { about, state: {} });
  const redraw = () => {
    const part = { data, host: root, state: root.state, send: (event, value) => root.send(event, value), redraw };
    preact.render(element(preact.Fragment, { key: `${data.draw} ${about}` }, draw(part)), root);
  };
  root.redraw = redraw;
  redraw();
  root.dataset.drawn = data.draw || name;
  return root;
}
