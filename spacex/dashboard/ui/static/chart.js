// Draws a Vega-Lite chart and updates it. `vegaEmbed` is in a bundle that the page loads once (in
// JupyterLab, in the bundle around this module).

const LEGEND_ENTRY_PX = 116;
const MOST_LEGEND_COLUMNS = 8;
const DARK = matchMedia("(prefers-color-scheme: dark)");

function render({ model, el }) {
  const container = el.appendChild(document.createElement("div")); // Vega sets its aria-label
  let drawn = null;
  let tools = null;
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
    if (!tools?.isConnected) tools = addTools(model, el, () => drawn?.view);
    tools?.dispatchEvent(new Event("redrawn"));
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
    tools?.remove();
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

// The tools of a chart in a panel that has room for them: its rows as a table and a file, its picture,
// a link to it, and how its figures are known.
const ANCHOR = decodeURIComponent(location.hash.slice(1));
const MOST_ROWS = 200;
const PICTURE = { scale: 2, margin: 24, font: "system-ui, sans-serif" };
const UNITS = { km: "km", deg: "°", t: "t", kg: "kg", d: "days", utc: "UTC", months: "months" };
const UNTOLD = new Set(["series", "rank", "is_lone"]); // they only guide the drawing

function addTools(model, el, view) {
  const panel = el.closest(".panel.charted");
  if (!panel) return null;
  const title = panel.querySelector("h3");
  const name = title?.textContent ?? "chart";
  const id = slug(name);
  const tools = make("div", { className: "chart-tools", role: "group", ariaLabel: `Tools of the chart ${name}` });
  const told = make("span", { className: "quiet", role: "status" });
  const table = make("div", { className: "chart-table", hidden: true });
  const fill = () => table.hidden || table.replaceChildren(...tables(model, name));
  const asTable = make("button", { type: "button", textContent: "As table", ariaExpanded: "false" });
  asTable.onclick = () => {
    table.hidden = !table.hidden;
    asTable.ariaExpanded = String(!table.hidden);
    fill();
  };
  const asPicture = make("button", { type: "button", textContent: "As picture" });
  asPicture.onclick = async () => view() && save(`${id}.png`, await picture(view(), el, name));
  const copy = make("button", { type: "button", textContent: "Copy link" });
  copy.onclick = async () => {
    const link = `${location.href.split("#")[0]}#${id}`;
    try {
      await navigator.clipboard.writeText(link);
      told.textContent = "Copied.";
    } catch {
      told.replaceChildren(make("a", { href: link, textContent: "Copy this link." }));
    }
  };
  tools.append(asTable, asPicture, copy);
  const query = model.get("how_known");
  if (query) {
    const how = make("a", { href: `?${query}`, textContent: "How we know" });
    how.onclick = (event) => {
      const entry = [...document.querySelectorAll("nav a")].find(({ search }) => `${search}&`.startsWith(`?${query}&`));
      if (!entry || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      entry.click();
    };
    tools.append(how);
  }
  tools.append(told, table);
  tools.addEventListener("redrawn", fill);
  panel.append(tools);
  if (title && ANCHOR === id) title.scrollIntoView();
  return tools;
}

function make(name, properties, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

function slug(words) {
  return words.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
}

function save(name, blob) {
  const url = URL.createObjectURL(blob);
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

// The datasets of a chart as tables, the longest first, each with a button for its file.
function tables(model, name) {
  const sets = Object.values(model.get("datasets")).map(rows).filter((set) => set.length);
  sets.sort((one, other) => other.length - one.length);
  const kinds = sets.map((set) => Object.keys(set[0]).join());
  const isOther = (_, number) => kinds.indexOf(kinds[number]) === number; // labels repeat rows
  return sets.filter(isOther).flatMap((set, number) => {
    const columns = Object.keys(set[0]).filter((each) => !UNTOLD.has(each));
    const csv = make("button", { type: "button", textContent: "Save as CSV" });
    const file = `${slug(name)}${number ? `-${number + 1}` : ""}.csv`;
    csv.onclick = () => save(file, new Blob([asCsv(columns, set)], { type: "text/csv" }));
    const more = set.length > MOST_ROWS ? `The first ${MOST_ROWS} of ${set.length.toLocaleString("en")} rows; the file has all. ` : "";
    const line = (each) => make("tr", {}, ...columns.map((column) => {
      const value = each[column];
      return make("td", { className: typeof value === "number" ? "number" : "", textContent: written(value, column) });
    }));
    const heads = columns.map((column) => make("th", { scope: "col", textContent: inWords(column) }));
    const head = make("thead", {}, make("tr", {}, ...heads));
    const body = make("tbody", {}, ...set.slice(0, MOST_ROWS).map(line));
    const grid = make("div", { className: "scroll", tabIndex: 0, role: "region", ariaLabel: `${name}, as a table` }, make("table", {}, head, body));
    return [grid, make("p", { className: "note" }, more, csv)];
  });
}

// "mean_altitude_km" → "mean altitude (km)"
function inWords(column) {
  const parts = column.split("_");
  const unit = parts.length > 1 && UNITS[parts.at(-1)];
  return (unit ? [...parts.slice(0, -1), `(${unit})`] : parts).join(" ");
}

function written(value, column) {
  if (value === null || value === undefined) return "–";
  if (typeof value !== "number") return String(value);
  if (column === "year") return String(value);
  if (/(^|_)(utc|date|day|end|month|at)$/.test(column) && value > 1e10) return new Date(value).toISOString().slice(0, 16).replace("T", " ");
  return value.toLocaleString("en", { maximumFractionDigits: 4 });
}

function asCsv(columns, set) {
  const cell = (value) => {
    const text = String(value ?? "");
    const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text; // no formula
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return [columns, ...set.map((each) => columns.map((column) => each[column]))]
    .map((line) => `${line.map(cell).join(",")}\r\n`)
    .join("");
}

async function drawing(svg) {
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  await image.decode();
  return image;
}

// The picture of a chart below its title and above its source and the date.
async function picture(view, el, name) {
  const { scale, margin, font } = PICTURE;
  const chart = await drawing(await view.toSVG(scale)); // a canvas of Vega lacks the hatching
  const style = getComputedStyle(el.closest(".panel"));
  const canvas = make("canvas", { width: chart.width + 2 * margin * scale, height: chart.height + 5 * margin * scale });
  const context = canvas.getContext("2d");
  const put = (words, size, line, colour) => {
    context.font = `${size * scale}px ${font}`;
    context.fillStyle = colour;
    context.fillText(words, margin * scale, line * scale, chart.width);
  };
  context.fillStyle = style.backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  const muted = getComputedStyle(el).getPropertyValue("--muted");
  put(name, 17, 1.5 * margin, style.color);
  put(el.closest(".panel").querySelector(".finding")?.textContent ?? "", 12, 2.5 * margin, style.color);
  context.drawImage(chart, margin * scale, 3 * margin * scale);
  const lines = document.querySelectorAll(".provenance > :not(.badges)");
  const source = [...lines].map((each) => each.innerText.replace(/\s+/g, " ")).join("; ");
  const foot = [document.title, source, `drawn ${new Date().toISOString().slice(0, 10)}`].filter(Boolean);
  put(foot.join(" · "), 11, canvas.height / scale - 0.6 * margin, muted);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
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
