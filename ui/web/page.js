// Shows one page of a document: its picture with the passage boxed, or its text with it marked.

const ZOOMS = [50, 75, 100, 125, 150, 200, 300];

function tool(path, label, act, disabled) {
  return element("button", { type: "button", class: "tool", "aria-label": label, title: label, disabled, on: { click: act } }, drawing(path));
}

function rectangle(kind, [left, top, width, height]) {
  const box = element("span", { class: kind });
  const grow = kind === "boxed" ? 0.004 : 0;
  box.style.left = `${(left - grow) * 100}%`;
  box.style.top = `${(top - grow / 2) * 100}%`;
  box.style.width = `${(width + 2 * grow) * 100}%`;
  box.style.height = `${(height + grow) * 100}%`;
  return box;
}

// One frame around all lines of the passage that stand close together reads calmer than many.
function frames(boxes) {
  const joined = [];
  for (const [left, top, width, height] of boxes) {
    const last = joined.at(-1);
    if (last && top - last.bottom < height * 2.5 && top >= last.top - height) {
      last.left = Math.min(last.left, left);
      last.right = Math.max(last.right, left + width);
      last.bottom = Math.max(last.bottom, top + height);
    } else {
      joined.push({ left, top, right: left + width, bottom: top + height });
    }
  }
  return joined.map((f) => [f.left, f.top, f.right - f.left, f.bottom - f.top]);
}

function picture(view) {
  const { data, state } = view;
  const shown = element("img", {
    src: `data:image/png;base64,${data.picture.png}`,
    width: data.picture.width,
    height: data.picture.height,
    alt: `${data.unit} ${data.here} of the document${data.picture.boxes.length ? `, ${data.framed ?? "the cited passage"} is framed` : ""}`,
  });
  const sheet = element("div", { class: "sheet" }, shown,
    (data.apart ? data.picture.boxes : frames(data.picture.boxes)).map((box) => rectangle("boxed", box)),
    data.picture.marks.map((box) => rectangle("marked", box)));
  sheet.style.width = `calc(${state.zoom / 100} * min(100%, 52rem))`;
  return element("div", { class: "pane", tabindex: "0", role: "group", "aria-label": "The page" }, sheet);
}

function piece(part) {
  if (!part.mark && !part.cited) return document.createTextNode(part.text);
  return element(part.mark ? "mark" : "span", { class: part.cited ? "cited" : "" }, part.text);
}

function text(view) {
  const { data, state } = view;
  const body = element("div", { class: "text" }, data.blocks.map((block) => {
    const cited = block.pieces.some((part) => part.cited);
    return element("p", { class: `${block.kind} ${cited ? "here" : ""}` }, block.pieces.map(piece));
  }));
  body.style.fontSize = `${state.zoom}%`;
  return element("div", { class: "pane words", tabindex: "0", role: "group", "aria-label": "The text" }, body);
}

function toolbar(view) {
  const { data, state, send, draw } = view;
  const at = ZOOMS.indexOf(state.zoom);
  const zoom = (step) => {
    state.zoom = ZOOMS[Math.min(Math.max(at + step, 0), ZOOMS.length - 1)];
    draw();
  };
  const printed = data.label ? ` (printed ${data.label})` : "";
  return element("div", { class: "tools", role: "toolbar", "aria-label": "Page" },
    tool("M15 5l-7 7 7 7", `Previous ${data.unit.toLowerCase()}`, () => send("turn", data.here - 1), data.here <= 1),
    element("span", { class: "count", role: "status" }, `${data.unit} ${data.here} of ${data.of}${printed}`),
    tool("M9 5l7 7-7 7", `Next ${data.unit.toLowerCase()}`, () => send("turn", data.here + 1), data.here >= data.of),
    element("span", { class: "gap" }),
    data.picture ? element("button", { type: "button", class: "switch", on: { click: () => { state.text = !state.text; draw(); } } },
      state.text ? "Show the page" : "Show its text") : null,
    tool("M6 12h12", "Zoom out", () => zoom(-1), at <= 0),
    element("span", { class: "count" }, `${state.zoom}%`),
    tool("M6 12h12M12 6v12", "Zoom in", () => zoom(1), at >= ZOOMS.length - 1));
}

function viewer(view) {
  const { data, host } = view;
  view.state = host.state ??= { zoom: 100, text: false };
  view.draw = view.redraw;
  const seen = data.picture && !view.state.text ? picture(view) : text(view);
  const first = () => seen.querySelector(".boxed, .here, .marked");
  requestAnimationFrame(() => {
    if (first()) seen.scrollTop = Math.max(0, first().offsetTop - seen.clientHeight / 4);
  });
  return [
    data.section ? element("p", { class: "section" }, data.section) : null,
    data.note ? element("p", { class: "note", role: "status" }, data.note) : null,
    data.scanned ? element("p", { class: "note" }, "This page is a picture without text: nothing on it can be found. It needs OCR.") : null,
    data.recognised ? element("p", { class: "note" }, data.recognised) : null,
    toolbar(view),
    seen,
  ];
}

export default function (component) {
  const root = drawPart(component, "viewer", viewer);
  Object.assign(root, { here: component.data.here, of: component.data.of });
  root.onkeydown = (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const next = root.here + step;
    if (step && next >= 1 && next <= root.of) root.send("turn", next);
  };
}
