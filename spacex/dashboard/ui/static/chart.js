// Draws a Vega-Lite chart and keeps it up to date. `vegaEmbed` comes from the bundle that the page
// loads once (or, in JupyterLab, from the bundle around this module).

const NARROW_PX = 440;
const DARK = matchMedia("(prefers-color-scheme: dark)");

function render({ model, el }) {
  const place = el.appendChild(document.createElement("div")); // Vega labels it in its own words
  let drawn = null;
  let wanted = null; // "draw" or "push": the next thing to do, after the one being done
  let working = null;

  const ask = (what) => {
    wanted = wanted === "draw" ? "draw" : what;
    el.dataset.drawn = "no";
    working ??= work().finally(() => (working = null));
  };
  const work = async () => {
    while (wanted) {
      const what = wanted;
      wanted = null;
      try {
        if (what === "push" && drawn && !isEmpty(model)) await push(drawn, datasets(model));
        else drawn = await inTurn(() => draw(model, place, drawn));
      } catch (error) {
        console.error(error);
        place.textContent = "This chart cannot be drawn.";
      }
    }
    el.dataset.drawn = "yes";
    if (model.get("tells")) model.send({ drawn: true });
  };
  const listeners = {
    "change:spec": () => ask("draw"),
    "change:columns": () => ask("push"),
    "change:moved": () => ask("push"),
    "change:words": () => el.setAttribute("aria-label", model.get("words")),
    "change:_params": () => drawn && setParams(drawn.view, model.get("_params")),
  };
  for (const [event, listener] of Object.entries(listeners)) model.on(event, listener);
  const recolour = () => ask("draw");
  DARK.addEventListener("change", recolour);
  let wasNarrow = isNarrow(place);
  const resized = new ResizeObserver(() => {
    if (isNarrow(place) !== wasNarrow) ask("draw");
    else if (drawn) fit(drawn, place);
    wasNarrow = isNarrow(place);
  });
  resized.observe(place);

  el.classList.add("chart");
  el.classList.toggle("picks", Boolean(model.get("picks")));
  el.setAttribute("role", "img");
  el.setAttribute("aria-label", model.get("words"));
  ask("draw");
  return () => {
    for (const [event, listener] of Object.entries(listeners)) model.off(event, listener);
    DARK.removeEventListener("change", recolour);
    resized.disconnect();
    drawn?.finalize();
  };
}

// Charts are drawn one after the other: drawn at once, the first would be ready with the last.
let turn = Promise.resolve();

function inTurn(task) {
  const done = turn.then(task);
  const painted = () => new Promise((resume) => setTimeout(resume));
  turn = done.then(painted, painted);
  return done;
}

async function draw(model, el, before) {
  const spec = structuredClone(model.get("spec"));
  if (!spec) return null;
  if (isEmpty(model)) { // Vega would draw axes of no length
    before?.finalize();
    el.textContent = "Nothing to show.";
    return null;
  }
  spec.datasets = Object.fromEntries(
    Object.entries(datasets(model)).map(([name, columns]) => [name, rows(columns)]),
  );
  before?.finalize();
  spec.height = height(spec, el.clientWidth) ?? spec.height;
  if (spec.height > 0) el.style.minHeight = `${spec.height}px`;
  const drawn = await vegaEmbed(el, spec, {
    actions: false,
    config: theme(el),
    tooltip: { theme: "page" },
    ...(model.get("embed_options") ?? {}),
  });
  setParams(drawn.view, model.get("_params"));
  listen(model, drawn.view);
  return drawn;
}

function isEmpty(model) {
  const columns = Object.values(datasets(model)).flatMap(Object.values);
  return columns.every((column) => (column.byteLength ?? column.length) === 0);
}

// What has been moved stands in place of what was put.
function datasets(model) {
  const all = { ...model.get("columns") };
  for (const [name, columns] of Object.entries(model.get("moved"))) {
    all[name] = { ...all[name], ...columns };
  }
  return all;
}

async function push({ view, vgSpec }, sets) {
  for (const [name, columns] of Object.entries(sets)) {
    const source = vgSpec.data.find((data) => data.name === name);
    if (!source) continue;
    view.data(name, parsed(rows(columns), source.format?.parse ?? {}));
  }
  await view.runAsync();
}

// Vega reads dates in what a chart is drawn with, but not in what is put into it later.
function parsed(rows, kinds) {
  const dates = Object.keys(kinds).filter((name) => kinds[name] === "date");
  for (const row of rows) {
    for (const name of dates) {
      if (typeof row[name] === "string") row[name] = Date.parse(row[name]);
    }
  }
  return rows;
}

// Columns are numbers as little-endian 64-bit floats, or a list of anything.
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
  for (const [name, value] of Object.entries(params ?? {})) {
    try {
      view.signal(name, value);
    } catch {
      continue; // the chart being drawn is newer than these parameters
    }
  }
  view.runAsync();
}

function listen(model, view) {
  const picks = model.get("picks");
  if (picks) {
    view.addEventListener("click", (_, item) => model.send({ picked: item?.datum?.[picks] ?? null }));
  }
  for (const name of Object.keys(model.get("_vl_selections") ?? {})) {
    let pause;
    view.addSignalListener(name, (_, value) => {
      clearTimeout(pause);
      pause = setTimeout(() => {
        const plain = (thing) => JSON.parse(JSON.stringify(thing ?? null));
        const selection = { value: plain(value), store: plain(view.data(`${name}_store`)) };
        model.set("_vl_selections", { ...model.get("_vl_selections"), [name]: selection });
        model.save_changes();
      }, model.get("debounce_wait") ?? 10);
    });
  }
}

function isNarrow(el) {
  return el.clientWidth > 0 && el.clientWidth < NARROW_PX;
}

function fit(drawn, el) {
  const { view } = drawn;
  const width = el.clientWidth;
  if (width === 0 || width === view.width()) return;
  const tall = height(drawn.spec, width);
  if (tall) el.style.minHeight = `${tall}px`;
  view.width(width).height(tall ?? view.height()).runAsync();
}

// A chart such as a map keeps its shape: `usermeta` says how high it is for its width.
function height({ usermeta: { ratio, tallest_px = Infinity } = {} }, width) {
  return ratio ? Math.round(Math.min(width * ratio, tallest_px)) : undefined;
}

function theme(el) {
  const style = getComputedStyle(el);
  const colour = (name, otherwise) => style.getPropertyValue(name).trim() || otherwise;
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
      columns: isNarrow(el) ? 2 : undefined,
      offset: 10,
    },
    bar: { cornerRadiusEnd: 1.5 },
    line: { strokeWidth: 2 },
    text: { color: ink, font },
    title: { color: ink, font, anchor: "start" },
  };
}

export default { render };
