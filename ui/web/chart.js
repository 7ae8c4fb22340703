// Draws counts: a column for each day, or a bar for each name, cut by what they consist of.

function legend(series) {
  return element("ul", { class: "legend" }, series.map((one) =>
    element("li", {}, element("span", { class: `swatch ${one.tone}`, "aria-hidden": "true" }), one.name)));
}

function pieces(parts, series, most, side) {
  return parts.map((count, at) => {
    if (!count) return null;
    const style = { [side]: `${(100 * count) / most}%` };
    return element("span", { class: `piece ${series[at].tone}`, title: `${series[at].name}: ${count}`, style });
  });
}

const total = (row) => row.parts.reduce((sum, count) => sum + count, 0);

function days({ data }) {
  const most = Math.max(1, ...data.rows.map(total));
  return [
    element("div", { class: "days", role: "img", "aria-label": data.alt },
      element("span", { class: "most", "aria-hidden": "true" }, String(most)),
      data.rows.map((row) => element("span", { class: "day", title: `${row.label}: ${total(row)}` }, pieces(row.parts, data.series, most, "height")))),
    element("div", { class: "ends", "aria-hidden": "true" }, element("span", {}, data.rows[0].label), element("span", {}, data.rows.at(-1).label)),
    legend(data.series),
  ];
}

function bars({ data }) {
  const most = Math.max(1, ...data.rows.map(total));
  return [
    element("div", { class: "bars", role: "img", "aria-label": data.alt }, data.rows.map((row) => [
      element("span", { class: "name" }, row.label),
      element("span", { class: "track" }, pieces(row.parts, data.series, most, "width")),
      element("span", { class: "number" }, String(total(row))),
    ])),
    legend(data.series),
  ];
}

const DRAWN = { days, bars };

export default function (component) {
  drawPart(component, "chart", (part) => DRAWN[part.data.draw](part));
}
