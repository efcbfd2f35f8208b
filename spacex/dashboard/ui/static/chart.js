// Draws a Vega-Lite chart and updates it. `vegaEmbed` is in a bundle that the page loads once (in
// JupyterLab, in the bundle around this module).

const LEGEND_ENTRY_PX = 116;
const MOST_LEGEND_COLUMNS = 8;
const DARK = matchMedia("(prefers-color-scheme: dark)");

function render({ model, el }) {
  const container = el.appendChild(document.createElement("div")); // Vega sets its aria-label
  let drawn = null;
  let pending = null; // the next task, "draw" or "update"
  let running = null;

  const request = (task) => {
    pending = pending === "draw" ? "draw" : task;
    el.dataset.drawn = "no";
    running ??= run().finally(() => (running = null));
  };
  const run = async () => {
    while (pending) {
      const task = pending;
      pending = null;
      try {
        if (task === "update" && drawn && !isEmpty(model)) await update(drawn, model.get("datasets"));
        else drawn = await enqueue(() => draw(model, container, drawn));
      } catch (error) {
        console.error(error);
        container.textContent = "This chart cannot be drawn.";
      }
    }
    el.dataset.drawn = "yes";
  };
  const listeners = {
    "change:spec": () => request("draw"),
    "change:datasets": () => request("update"),
    "change:alt_text": () => el.setAttribute("aria-label", model.get("alt_text")),
    "change:params": () => drawn && setParams(drawn.view, model.get("params")),
  };
  for (const [event, listener] of Object.entries(listeners)) model.on(event, listener);
  const redraw = () => request("draw");
  DARK.addEventListener("change", redraw);
  let columns = legendColumns(container);
  const resized = new ResizeObserver(() => {
    const before = columns;
    columns = legendColumns(container);
    if (columns !== before) request("draw");
    else if (drawn) fit(drawn, container);
  });
  resized.observe(container);
  // Vega names a gradient by the address of the page, which each choice changes.
  const named = new MutationObserver(() => {
    for (const mark of container.querySelectorAll("[fill^='url(http']")) {
      mark.setAttribute("fill", mark.getAttribute("fill").replace(/^url\([^#]*/, "url("));
    }
  });
  named.observe(container, { subtree: true, childList: true, attributeFilter: ["fill"] });

  el.classList.add("chart");
  el.classList.toggle("clickable", Boolean(model.get("click_field")));
  el.setAttribute("role", "img");
  el.setAttribute("aria-label", model.get("alt_text"));
  request("draw");
  return () => {
    for (const [event, listener] of Object.entries(listeners)) model.off(event, listener);
    DARK.removeEventListener("change", redraw);
    resized.disconnect();
    named.disconnect();
    drawn?.finalize();
  };
}

// Charts are drawn one by one; in parallel, the first would finish as late as the last.
let queue = Promise.resolve();

function enqueue(task) {
  const done = queue.then(task);
  const painted = () => new Promise((resume) => setTimeout(resume));
  queue = done.then(painted, painted);
  return done;
}

async function draw(model, el, previous) {
  const spec = coloured(model.get("spec"), DARK.matches ? model.get("on_dark") : {});
  if (!spec) return null;
  if (isEmpty(model)) { // Vega would draw axes of zero length
    previous?.finalize();
    el.textContent = "Nothing to show.";
    return null;
  }
  spec.datasets = Object.fromEntries(
    Object.entries(model.get("datasets")).map(([name, columns]) => [name, rows(columns)]),
  );
  previous?.finalize();
  spec.height = height(spec, el.clientWidth) ?? spec.height;
  if (spec.height > 0) el.style.minHeight = `${spec.height}px`;
  const drawn = await vegaEmbed(el, spec, {
    actions: false,
    ast: true, // interprets expressions; compiling them would need `unsafe-eval`
    config: theme(el),
    tooltip: { theme: "page" },
    renderer: model.get("renderer"),
  });
  setParams(drawn.view, model.get("params"));
  listen(model, drawn.view);
  return drawn;
}

// A copy of a specification with other colours.
function coloured(value, colours) {
  if (typeof value === "string") return colours[value] ?? value;
  if (Array.isArray(value)) return value.map((each) => coloured(each, colours));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, coloured(each, colours)]));
}

function isEmpty(model) {
  const columns = Object.values(model.get("datasets")).flatMap(Object.values);
  return columns.every((column) => (column.byteLength ?? column.length) === 0);
}

async function update({ view, vgSpec }, sets) {
  for (const [name, columns] of Object.entries(sets)) {
    const source = vgSpec.data.find((data) => data.name === name);
    if (!source) continue;
    view.data(name, parsed(rows(columns), source.format?.parse ?? {}));
  }
  await view.runAsync();
}

// Vega parses dates when it draws a chart, but not in rows that are set later.
function parsed(rows, formats) {
  const dates = Object.keys(formats).filter((name) => formats[name] === "date");
  for (const row of rows) {
    for (const name of dates) {
      if (typeof row[name] === "string") row[name] = Date.parse(row[name]);
    }
  }
  return rows;
}

// Turn columns into rows; a column is a list, or numbers as little-endian 64-bit floats.
function rows(columns) {
  const names = Object.keys(columns);
  const values = names.map((name) => {
    const column = columns[name];
    if (!(column instanceof DataView)) return column;
    const { buffer, byteOffset, byteLength } = column;
    return new Float64Array(buffer.slice(byteOffset, byteOffset + byteLength));
  });
  return Array.from({ length: values[0]?.length ?? 0 }, (_, row) => {
    const entries = {};
    names.forEach((name, index) => {
      const value = values[index][row];
      entries[name] = Number.isNaN(value) ? null : value;
    });
    return entries;
  });
}

function setParams(view, params) {
  for (const [name, value] of Object.entries(params)) {
    try {
      view.signal(name, value);
    } catch {
      continue; // the chart being drawn is newer than these parameters
    }
  }
  view.runAsync();
}

function listen(model, view) {
  const field = model.get("click_field");
  if (field) {
    view.addEventListener("click", (_, item) => model.send({ clicked: item?.datum?.[field] ?? null }));
  }
}

// The number of legend entries that fit side by side; the others continue in the next line.
function legendColumns(el) {
  const fitting = Math.floor((el.clientWidth || Infinity) / LEGEND_ENTRY_PX);
  return Math.min(Math.max(fitting, 2), MOST_LEGEND_COLUMNS);
}

function fit(drawn, el) {
  const { view } = drawn;
  const width = el.clientWidth;
  if (width === 0 || width === view.width()) return;
  const fixed = height(drawn.spec, width);
  if (fixed) el.style.minHeight = `${fixed}px`;
  view.width(width).height(fixed ?? view.height()).runAsync();
}

// `usermeta.ratio` fixes the shape of a chart, such as a map; returns its height in px.
function height({ usermeta: { ratio, tallest_px = Infinity } = {} }, width) {
  return ratio ? Math.round(Math.min(width * ratio, tallest_px)) : undefined;
}

function theme(el) {
  const style = getComputedStyle(el);
  const colour = (name, fallback) => style.getPropertyValue(name).trim() || fallback;
  const ink = colour("--ink", DARK.matches ? "#e6edf3" : "#16202c");
  const muted = colour("--muted", "#6b7785");
  const line = colour("--line", "#8884");
  const font = style.fontFamily;
  const text = { labelColor: muted, titleColor: muted, labelFont: font, titleFont: font };
  return {
    background: "transparent",
    font,
    view: { stroke: null },
    axis: {
      ...text,
      labelFontSize: 12,
      titleFontSize: 12,
      titleFontWeight: "normal",
      gridColor: line,
      domainColor: line,
      tickColor: line,
      tickSize: 4,
      labelPadding: 6,
    },
    axisX: { grid: false, labelOverlap: "greedy", labelSeparation: 12 },
    axisY: { domain: false, ticks: false },
    legend: {
      ...text,
      labelColor: ink,
      labelFontSize: 12,
      titleFontSize: 12,
      titleFontWeight: "normal",
      orient: "top",
      symbolType: "circle",
      symbolSize: 90,
      columnPadding: 14,
      columns: legendColumns(el),
      offset: 10,
    },
    bar: { cornerRadiusEnd: 1.5 },
    line: { strokeWidth: 2 },
    text: { color: ink, font },
    title: { color: ink, font, anchor: "start" },
  };
}

export default { render };
