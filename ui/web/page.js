// Shows one page of a document: its picture with the passage boxed, or its text with it marked.

const ZOOMS = [50, 75, 100, 125, 150, 200, 300];

function tool(path, label, act, disabled) {
  // Not `disabled`: the cursor would be lost at the last page.
  return element("button", { type: "button", class: "tool", "aria-label": label, title: label, "aria-disabled": disabled ? "true" : null, on: { click: () => disabled || act() } }, drawing(path));
}

function rectangle(kind, [left, top, width, height]) {
  const grow = kind === "boxed" ? 0.004 : 0;
  const part = (share) => `${share * 100}%`;
  const style = { left: part(left - grow), top: part(top - grow / 2), width: part(width + 2 * grow), height: part(height + grow) };
  return element("span", { class: kind, style });
}

// The page's words where they stand on its picture, unseen, to be selected and copied.
function words({ width, height, lines }) {
  return element("svg", { class: "words", viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none" },
    lines.map(([text, left, top, wide, tall]) =>
      element("text", { x: left * width, y: (top + tall * 0.8) * height, "font-size": tall * height, textLength: wide * width, lengthAdjust: "spacingAndGlyphs" }, `${text}\n`)));
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
  const style = { width: `calc(${zoomed(state) / 100} * min(100%, 52rem))` };
  const sheet = element("div", { class: "sheet", style }, shown,
    (data.apart ? data.picture.boxes : frames(data.picture.boxes)).map((box) => rectangle("boxed", box)),
    data.picture.marks.map((box) => rectangle("marked", box)),
    words(data.picture));
  return pane(view, "The page", "", sheet);
}

function piece(part) {
  if (!part.mark && !part.cited) return part.text;
  return element(part.mark ? "mark" : "span", { class: part.cited ? "cited" : "" }, part.text);
}

function text(view) {
  const { data, state } = view;
  const body = element("div", { class: "text", style: { fontSize: `${zoomed(state)}%` } }, data.blocks.map((block) => {
    const cited = block.pieces.some((part) => part.cited);
    return element("p", { class: `${block.kind} ${cited ? "here" : ""}` }, block.pieces.map(piece));
  }));
  return pane(view, "The text", "read", body);
}

// Another page, or the text instead of the picture, begins where the passage stands.
function pane({ data, state, host }, label, kind, body) {
  const key = `${label} ${data.here}`;
  const ref = (seen) => {
    if (!seen || host.scrolled === key) return;
    host.scrolled = key;
    requestAnimationFrame(() => {
      const first = seen.querySelector(".boxed, .here, .marked");
      seen.scrollTop = first ? Math.max(0, first.offsetTop - seen.clientHeight / 4) : 0;
    });
  };
  return element("div", { class: `pane ${kind}`, key: label, ref, tabindex: "0", role: "group", "aria-label": label }, body);
}

const zoomed = (state) => state.zoom ?? 100;

function keys(view) {
  const { data, state, send, redraw } = view;
  const at = ZOOMS.indexOf(zoomed(state));
  const zoom = (step) => {
    state.zoom = ZOOMS[Math.min(Math.max(at + step, 0), ZOOMS.length - 1)];
    redraw();
  };
  const turn = (page) => page >= 1 && page <= data.of && page !== data.here && send("turn", page);
  return {
    before: () => turn(data.here - 1),
    after: () => turn(data.here + 1),
    turn,
    larger: () => zoom(1),
    smaller: () => zoom(-1),
    swap: () => {
      state.text = data.picture && !state.text;
      redraw();
    },
  };
}

const SHORT = { ArrowLeft: "before", ArrowRight: "after", "+": "larger", "=": "larger", "-": "smaller", t: "swap" };

function toolbar(view) {
  const { data, state } = view;
  const does = keys(view);
  const at = ZOOMS.indexOf(zoomed(state));
  const printed = data.label ? ` (printed ${data.label})` : "";
  const unit = data.unit.toLowerCase();
  const number = element("input", {
    class: "number", type: "number", min: "1", max: String(data.of), value: String(data.here), "aria-label": `Go to ${unit}`,
    on: { change: (event) => does.turn(Number(event.currentTarget.value)) },
  });
  return element("div", { class: "tools", role: "toolbar", "aria-label": "Page" },
    tool("M15 5l-7 7 7 7", `Previous ${unit}`, does.before, data.here <= 1),
    element("span", { class: "count", role: "status" }, `${data.unit} ${data.here} of ${data.of}${printed}`),
    tool("M9 5l7 7-7 7", `Next ${unit}`, does.after, data.here >= data.of),
    data.of > 2 ? number : null,
    element("span", { class: "gap" }),
    data.picture ? element("button", { type: "button", class: "switch", on: { click: does.swap } }, state.text ? "Show the page" : "Show its text") : null,
    tool("M6 12h12", "Zoom out", does.smaller, at <= 0),
    element("span", { class: "count" }, `${zoomed(state)}%`),
    tool("M6 12h12M12 6v12", "Zoom in", does.larger, at >= ZOOMS.length - 1));
}

function viewer(view) {
  const { data, host, state } = view;
  host.onkeydown = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.tagName === "INPUT") return;
    const act = SHORT[event.key];
    if (!act) return;
    event.preventDefault();
    keys(view)[act]();
  };
  return [
    data.section ? element("p", { class: "section" }, data.section) : null,
    data.note ? element("p", { class: "note", role: "status" }, data.note) : null,
    data.scanned ? element("p", { class: "note" }, "This page is a picture without text: nothing on it can be found. It needs OCR.") : null,
    data.recognised ? element("p", { class: "note" }, data.recognised) : null,
    toolbar(view),
    data.picture && !state.text ? picture(view) : text(view),
  ];
}

export default function (component) {
  drawPart(component, "viewer", viewer);
  // The dialog gives the focus back to what is no part of ours; it belongs to what was pressed.
  const opener = window.codedeskOpener;
  return () => setTimeout(() => opener?.isConnected && opener.focus(), 60);
}
