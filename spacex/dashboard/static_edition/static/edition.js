// Lets the pages of an edition be used without a kernel: charts, globes, tables, the search and the
// lives of satellites. The widgets are those of the live dashboard; a `Model` is in place of the kernel.

const ROOT = document.body.dataset.root ?? "";
const ROOMY = matchMedia("(min-width: 601px) and (min-height: 501px)");
const PAGE_ROWS = 15;
const MATCHES = 6;
const PAUSE_MS = 120; // between texts of a search
const DAY_MS = 86_400_000;
const OLD_DAYS = 2;

// What a widget asks for its state, in place of one that a kernel keeps.
class Model {
  constructor(state, answer = () => {}) {
    this.state = state;
    this.answer = answer;
    this.listeners = new Map();
  }
  get(name) {
    return this.state[name];
  }
  set(name, value) {
    const changes = typeof name === "object" ? name : { [name]: value };
    Object.assign(this.state, changes);
    for (const each of Object.keys(changes)) this.tell(`change:${each}`);
  }
  tell(event, ...values) {
    for (const listener of this.listeners.get(event) ?? []) listener(...values);
  }
  on(events, listener) {
    for (const each of events.split(" ")) this.listeners.set(each, [...(this.listeners.get(each) ?? []), listener]);
  }
  off(events, listener) {
    for (const each of events.split(" ")) {
      this.listeners.set(each, (this.listeners.get(each) ?? []).filter((other) => other !== listener));
    }
  }
  save_changes() {}
  send(content) {
    this.answer(content, this);
  }
}

// Files of data are scripts, because pages in a folder may not read other files. Each calls
// `edition.put` with its name and its content, compressed.

const received = new Map(); // name → what takes the content
const known = new Map(); // name → the content, as a promise

edition.put = (name, content) => received.get(name)?.(content);

function load(name) {
  if (!known.has(name)) known.set(name, fetched(name).then(inflated));
  return known.get(name);
}

function fetched(name) {
  return new Promise((resolve, reject) => {
    received.set(name, resolve);
    const script = document.createElement("script");
    script.src = `${ROOT}data/${name}.js`;
    script.onerror = () => reject(new Error(`There is no file data/${name}.js.`));
    document.head.append(script);
  });
}

async function inflated(text) {
  const bytes = decoded(text);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

function decoded(text) {
  return Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
}

async function loadJson(name) {
  return JSON.parse(new TextDecoder().decode(await load(name)));
}

// Show a tree of elements in an element; the tree can be set anew.
function show(el, tree, answer) {
  const model = new Model({ tree }, answer);
  edition.widgets.markup.render({ model, el });
  return model;
}

// Replace the datasets that are in files of their own by their columns.
async function fetchRows(datasets) {
  const inFiles = Object.entries(datasets).filter(([, columns]) => typeof columns === "string");
  await Promise.all(inFiles.map(async ([name, file]) => (datasets[name] = await loadJson(file))));
}

const DRAW = {
  async chart(el, drawing) {
    await fetchRows(drawing.datasets);
    const state = { params: {}, click_field: "", on_dark: edition.onDark, ...drawing };
    edition.widgets.chart.render({ model: new Model(state), el });
  },
  finder: drawFinder,
  globe: drawGlobe,
  lives: drawLives,
  rows: drawRows,
};

// A table of which the page has the first rows: to search, sort and turn its pages.
async function drawRows(el, { rows, file, search }) {
  const bar = el.querySelector(".bar") ?? el.insertBefore(element("div", { class: "bar" }), el.querySelector(".scroll"));
  const place = bar.querySelector(".place") ?? bar.appendChild(element("span", { class: "place", role: "status" }));
  const body = el.querySelector("tbody");
  const headings = [...el.querySelectorAll("thead th")];
  let all = rows;
  let shown = null;
  let [start, by, isDown] = [0, -1, false];
  const ready = async () => (all ??= await loadJson(file));
  const cells = (row) => row.slice(2).map(textOf);
  const box = element("input", { type: "search", "aria-label": "Search", placeholder: "Search this table" });
  const previous = element("button", { type: "button" }, "Previous");
  const next = element("button", { type: "button" }, "Next");
  let model = null;
  const draw = () => {
    const end = Math.min(start + PAGE_ROWS, shown.length);
    const count = shown.length.toLocaleString("en");
    place.textContent = end ? `${(start + 1).toLocaleString("en")}–${end.toLocaleString("en")} of ${count}` : "No row matches.";
    const tree = shown.slice(start, end);
    if (model) model.set("tree", tree);
    else model = show(body, tree);
    previous.disabled = start === 0;
    next.disabled = end >= shown.length;
    headings.forEach((heading, index) => {
      if (index === by) heading.setAttribute("aria-sort", isDown ? "descending" : "ascending");
      else heading.removeAttribute("aria-sort");
    });
  };
  const select = async () => {
    await ready();
    const wanted = box.value.trim().toLowerCase();
    shown = wanted ? all.filter((row) => cells(row).join("\n").toLowerCase().includes(wanted)) : [...all];
    if (by >= 0) {
      const isNumber = headings[by].classList.contains("number");
      const keyed = shown.map((row) => [sortKey(textOf(row[2 + by]), isNumber), row]);
      const order = ([a], [b]) => (a === null) - (b === null) || (isDown ? -1 : 1) * (a < b ? -1 : a > b ? 1 : 0);
      shown = keyed.sort(order).map(([, row]) => row);
    }
    start = 0;
    draw();
  };
  const turn = async (rows) => {
    if (!shown) await ready().then(() => (shown = [...all]));
    start = Math.max(0, start + rows);
    draw();
  };
  let timer;
  box.oninput = () => {
    clearTimeout(timer);
    timer = setTimeout(select, PAUSE_MS);
  };
  previous.onclick = () => turn(-PAGE_ROWS);
  next.onclick = () => turn(PAGE_ROWS);
  previous.disabled = true;
  if (search) {
    bar.prepend(labelled("Search", box));
    headings.forEach((heading, index) => {
      if (!heading.textContent) return;
      const arrow = element("span", { class: "arrow", "aria-hidden": "true" });
      const button = element("button", { type: "button" }, ...heading.childNodes);
      button.append(arrow);
      heading.replaceChildren(button);
      button.onclick = () => {
        isDown = by === index ? !isDown : heading.classList.contains("number");
        by = index;
        for (const each of el.querySelectorAll("thead .arrow")) each.textContent = "";
        arrow.textContent = isDown ? "▼" : "▲";
        select();
      };
    });
  }
  bar.append(previous, next);
}

function textOf(node) {
  return typeof node === "string" ? node : node.slice(2).map(textOf).join("");
}

function sortKey(text, isNumber) {
  if (text === "–" || text === "") return null;
  if (!isNumber) return text.toLowerCase();
  const number = Number.parseFloat(text.replace(/,/g, "").replace("−", "-"));
  return Number.isNaN(number) ? null : number;
}

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function labelled(words, control) {
  return element("label", { class: "field" }, element("span", { class: "name" }, words), control);
}

// The search: the combobox of the live dashboard, whose options the browser finds.
function drawFinder(el, { kinds, tree }) {
  let timer;
  const model = show(el, tree, ({ action, value }) => {
    if (action === "choose") return (location.href = ROOT + value);
    clearTimeout(timer);
    timer = setTimeout(async () => model.set("tree", offering(tree, value, await found(value, kinds))));
  });
  el.addEventListener("focusin", () => loadJson("search"), { once: true });
}

// The best matches of a text: at most MATCHES of each kind; kinds with a whole match come first.
async function found(text, kinds) {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return [];
  const index = await loadJson("search");
  const groups = index.filter(({ kind }) => kinds.includes(kind)).map((group) => ({ ...group, ...best(group, wanted) }));
  const ordered = [...groups.filter(({ isWhole }) => isWhole), ...groups.filter(({ isWhole }) => !isWhole)];
  return ordered.flatMap(({ kind, matches }) => matches.map((each) => ({ kind, ...each })));
}

function best({ rows, page }, wanted) {
  const matches = [];
  for (const [label, href, name, ...others] of rows) {
    const lower = name.toLowerCase();
    const at = lower.indexOf(wanted);
    const isWhole = lower === wanted || others.some((each) => String(each).toLowerCase() === wanted);
    if (at < 0 && !isWhole && !others.some((each) => isNaN(each) && each.toLowerCase().includes(wanted))) continue;
    matches.push({ label: label || name, href: page + href, name, at, isWhole });
  }
  const order = (a, b) => b.isWhole - a.isWhole || a.at - b.at || a.name.length - b.name.length || (a.name < b.name ? -1 : 1);
  matches.sort(order);
  return { matches: matches.slice(0, MATCHES), isWhole: matches.some(({ isWhole }) => isWhole) };
}

// The tree of the search with the options of a text in its list.
function offering(tree, text, options) {
  const [form, status] = structuredClone(tree);
  const list = form.find((node) => Array.isArray(node) && node[1].role === "listbox");
  const hasGroups = new Set(options.map(({ kind }) => kind)).size > 1;
  const numbered = options.map(({ label, href }, number) => [
    "div",
    { id: `${list[1].id}-${number}`, role: "option", "aria-selected": "false", "data-value": href },
    label,
  ]);
  list[1]["data-for"] = text;
  list.splice(2);
  options.forEach(({ kind }, number) => {
    if (!hasGroups) return list.push(numbered[number]);
    if (list.at(-1)?.[1]?.["aria-label"] !== kind || list.length === 2) {
      list.push(["div", { role: "group", "aria-label": kind }, ["div", { class: "name", "aria-hidden": "true" }, kind]]);
    }
    list.at(-1).push(numbered[number]);
  });
  status[1].class = options.length || !text.trim() ? "quiet" : "note";
  status.splice(2, Infinity, text.trim() ? (options.length ? `Offered: ${options.length}.` : "Nothing has this in its name.") : "");
  return [form, status];
}

// The globe: its positions are in files, one for each keyframe.
async function drawGlobe(el, { state, frames, satellites }) {
  const [first, last] = frames;
  const step = state.step_ms;
  const numbers = async () => (await loadJson(satellites)).numbers;
  const now = Date.now();
  const isLive = now >= first * step && now < last * step;
  const views = Object.fromEntries(["land", "groups"].map((name) => [name, new DataView(decoded(state[name]).buffer)]));
  const model = new Model({ ...state, ...views, is_live: isLive, home_ms: first * step }, async (content) => {
    if ("needed" in content) {
      if (content.needed > last) return model.set("at_ms", first * step + 1);
      if (content.needed < first) return;
      const [points, suns] = await Promise.all([load(`globe/${content.needed}`), loadJson(satellites)]);
      const about = { keyframe: content.needed, sun: suns.suns[content.needed - first], fleet: state.fleet };
      model.tell("msg:custom", about, [new DataView(points)]);
    } else if ("hovered" in content) {
      const { texts } = await loadJson(satellites);
      model.tell("msg:custom", { described: content.hovered, text: texts[content.hovered] }, []);
    } else if ("clicked" in content) {
      location.href = `${ROOT}satellite.html#${(await numbers())[content.clicked]}`;
    }
  });
  edition.widgets.globe.render({ model, el });
}

// Draw what a page has in its elements.
function drawAll(el, drawings) {
  const charts = [];
  for (const each of el.querySelectorAll("[data-drawing]")) {
    const drawing = drawings[each.dataset.drawing];
    if (drawing.kind === "chart") charts.push(() => DRAW.chart(each, drawing));
    else DRAW[drawing.kind](each, drawing);
  }
  for (const draw of charts) draw();
}

// The page of one satellite, whose number is in the address.
function drawLives(el, lives) {
  const start = () => showSatellite(el, lives);
  addEventListener("hashchange", start);
  start();
}

async function showSatellite(el, { firsts, fallback }) {
  const wanted = Number(location.hash.slice(1)) || fallback;
  const shard = firsts.findLastIndex((each) => each <= wanted);
  const { pool, lives } = shard < 0 ? { lives: {} } : await loadJson(`satellites/${firsts[shard]}`);
  const life = lives[wanted];
  if (location.hash && Number(location.hash.slice(1)) !== wanted) return; // another was asked for
  el.replaceChildren();
  if (!life) return el.append(element("p", { role: "status" }, `No satellite has the number ${wanted}.`));
  document.title = life.title;
  history.replaceState(null, "", `#${wanted}`);
  el.append(...life.parts.map((each) => made(each, pool)));
}

// The element of a part; see `part_data` of lives.py.
function made({ c, n, p, d }, pool) {
  const el = element("div", { class: c ?? "" });
  if (n) show(el, n);
  if (p) el.append(...p.map((each) => made(each, pool)));
  if (d !== undefined) DRAW[pool[d].kind](el, unpooled(pool[d], pool));
  return el;
}

// A drawing whose parts are numbers in a pool, because others share them.
function unpooled(drawing, pool) {
  if (drawing.kind !== "chart") return drawing;
  const column = (each) => pool[each];
  const datasets = Object.entries(drawing.datasets).map(([name, columns]) => [
    name,
    Object.fromEntries(Object.entries(columns).map(([key, each]) => [key, column(each)])),
  ]);
  return { ...drawing, spec: pool[drawing.spec], datasets: Object.fromEntries(datasets) };
}

// Say how old an edition is that has become old.
function tellAge() {
  const line = document.querySelector("[data-edition]");
  const days = Math.floor((Date.now() - Date.parse(line?.dataset.edition)) / DAY_MS);
  if (days >= OLD_DAYS) line.append(` It is ${days} days old.`);
}

for (const each of document.querySelectorAll("details[data-fold]")) each.open = ROOMY.matches;
for (const each of document.querySelectorAll(".markup:not([data-drawing])")) show(each, null);
document.body.dataset.ready = "";
tellAge();
const drawings = JSON.parse(document.getElementById("drawings").textContent);
drawAll(document, drawings);
