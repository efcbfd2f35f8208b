// Shows a tree of elements: ["p", {"class": "lead"}, "text", …]. Text is always set as text, so
// data cannot become markup. Existing elements are updated in place, which keeps the focus.

const FORBIDDEN = new Set(["script", "style", "iframe", "object", "embed", "link", "base", "meta"]);
const SVG = "http://www.w3.org/2000/svg";
const TYPING_PAUSE_MS = 200;
const SLIDING_PAUSE_MS = 150;
const ROOMY = matchMedia("(min-width: 601px) and (min-height: 501px)"); // as in style.css

function render({ model, el }) {
  el.classList.add("markup");
  const draw = () => {
    const tree = model.get("tree");
    if (tree) patch(el, tree); // else it is in the page already
    reveal(el.querySelector("nav [aria-current]"));
    countDown(el);
    offer();
  };
  const act = (target) => {
    const { action, value } = target.dataset;
    model.send({ action, value: value ?? target.value ?? "" });
  };
  let timer;
  let reported = 0; // when a slider last reported its value
  let isAwaited = false; // Enter was pressed before the list for the text had come
  const choose = (input, option) => {
    model.send({ action: listOf(input).dataset.choose, value: option.dataset.value });
    input.value = "";
    unfoldList(input, false);
  };
  const offer = () => {
    const input = el.querySelector("[role=combobox]");
    if (!input) return;
    unfoldList(input, input === document.activeElement);
    if (!isAwaited || listOf(input).dataset.for !== input.value) return;
    isAwaited = false;
    const [first] = optionsOf(input);
    if (first) choose(input, first);
  };
  el.addEventListener("keydown", (event) => {
    const isBox = event.target.matches("[role=combobox]");
    if (isBox && moveInList(event.target, event.key)) event.preventDefault();
  });
  el.addEventListener("focusin", ({ target }) => target.matches("[role=combobox]") && unfoldList(target, true));
  el.addEventListener("focusout", ({ target }) => target.matches("[role=combobox]") && unfoldList(target, false));
  el.addEventListener("mousedown", (event) => event.target.closest("[role=listbox]") && event.preventDefault());
  el.addEventListener("click", ({ target }) => {
    const option = target.closest("[role=option]");
    if (option) choose(el.querySelector("[role=combobox]"), option);
  });
  el.addEventListener("click", (event) => {
    const target = event.target.closest("a[data-action], button[data-action]");
    if (!target || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if ("locate" in target.dataset) locate(model, target);
    else act(target);
  });
  el.addEventListener("change", (event) => {
    if (event.target.matches("select[data-action], input[data-on-commit]")) act(event.target);
  });
  el.addEventListener("input", (event) => {
    const target = event.target;
    if (!target.matches("input[data-action]:not([data-on-commit])")) return;
    clearTimeout(timer);
    const isSlider = target.type === "range";
    const pause = isSlider ? reported + SLIDING_PAUSE_MS - Date.now() : TYPING_PAUSE_MS;
    timer = setTimeout(() => {
      reported = Date.now();
      act(target);
    }, Math.max(0, pause));
  });
  el.addEventListener("submit", (event) => {
    event.preventDefault();
    const input = event.target.querySelector("[role=combobox]");
    if (!input?.value.trim()) return;
    const options = optionsOf(input);
    isAwaited = listOf(input).dataset.for !== input.value;
    if (isAwaited) {
      clearTimeout(timer);
      act(input);
    } else if (options.length) choose(input, marked(options) ?? options[0]);
  });
  const clock = setInterval(() => countDown(el), 1000);
  model.on("change:tree", draw);
  model.on("msg:custom", save);
  const unfold = () => {
    for (const each of el.querySelectorAll("details[data-fold]")) each.open = ROOMY.matches;
  };
  ROOMY.addEventListener("change", unfold);
  draw();
  return () => {
    clearInterval(clock);
    model.off("change:tree", draw);
    model.off("msg:custom", save);
    ROOMY.removeEventListener("change", unfold);
  };
}

// The list of a combobox, and its options.
function listOf(input) {
  return input.closest("form").querySelector("[role=listbox]");
}

function optionsOf(input) {
  return [...listOf(input).querySelectorAll("[role=option]")];
}

function marked(options) {
  return options.find((each) => each.getAttribute("aria-selected") === "true");
}

function unfoldList(input, isOpen) {
  const list = listOf(input);
  list.hidden = !isOpen || !list.querySelector("[role=option]");
  input.setAttribute("aria-expanded", String(!list.hidden));
  if (list.hidden) mark(input, null);
}

function mark(input, option) {
  for (const each of optionsOf(input)) each.setAttribute("aria-selected", String(each === option));
  if (!option) return input.removeAttribute("aria-activedescendant");
  input.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

// Follow a key in the list of a combobox; return whether it is used up.
function moveInList(input, key) {
  const options = optionsOf(input);
  const isOpen = !listOf(input).hidden;
  if (key === "Escape" && isOpen) return unfoldList(input, false) ?? true;
  const step = { ArrowDown: 1, ArrowUp: -1 }[key];
  if (!step || !options.length) return false;
  unfoldList(input, true);
  const at = options.indexOf(marked(options));
  const next = at < 0 && step < 0 ? options.length - 1 : at + step;
  mark(input, options[(next + options.length) % options.length]);
  return true;
}

// Write the time left into each countdown, or the time since.
function countDown(el) {
  for (const each of el.querySelectorAll("[data-countdown]")) {
    const seconds = Math.round((Date.parse(each.dataset.countdown) - Date.now()) / 1000);
    const [days, hours, minutes] = [86400, 3600, 60].map((unit) => Math.floor(Math.abs(seconds) / unit));
    const parts = [`${days} d`, `${hours % 24} h`, `${minutes % 60} min`, `${Math.abs(seconds) % 60} s`];
    each.textContent = `${seconds < 0 ? "T +" : "T −"} ${parts.join(" ")}`;
  }
}

// Ask the browser where it is, to a hundredth of a degree, and report it with its time zone.
function locate(model, button) {
  const told = button.nextElementSibling;
  const refuse = (reason) => (told.textContent = `${reason} Enter a city or coordinates instead.`);
  const report = ({ coords }) => {
    const at = [coords.latitude, coords.longitude].map((degrees) => degrees.toFixed(2)).join(", ");
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    told.textContent = "";
    model.send({ action: button.dataset.action, value: `${at} ${zone}` });
  };
  if (!window.isSecureContext || !navigator.geolocation) {
    refuse("The browser gives its location to pages of this machine or over HTTPS only.");
    return;
  }
  told.textContent = "Asking the browser …";
  const failed = ({ code }) =>
    refuse(code === 1 ? "The browser was not allowed to give its location." : "The browser does not know its location.");
  navigator.geolocation.getCurrentPosition(report, failed, { timeout: 20_000, maximumAge: 600_000 });
}

// Save a text as a file.
function save({ save: name, text, type }) {
  if (!name) return;
  const url = URL.createObjectURL(new Blob([text], { type }));
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

// Scroll a navigation that is wider than the screen to the current page.
function reveal(link) {
  const nav = link?.closest("nav");
  if (nav) nav.scrollLeft = link.offsetLeft - (nav.clientWidth - link.offsetWidth) / 2;
}

function patch(parent, nodes) {
  nodes.forEach((node, index) => {
    const old = parent.childNodes[index];
    const current = matches(old, node) ? old : create(node, parent);
    if (!old) parent.appendChild(current);
    else if (current !== old) parent.replaceChild(current, old);
    if (typeof node === "string") {
      if (current.data !== node) current.data = node;
    } else {
      const [, attributes, ...children] = node;
      patch(current, children);
      setAttributes(current, attributes);
    }
  });
  while (parent.childNodes.length > nodes.length) parent.lastChild.remove();
}

function matches(old, node) {
  if (!old) return false;
  if (typeof node === "string") return old.nodeType === Node.TEXT_NODE;
  return old.localName === node[0] && (old.dataset?.key ?? "") === (node[1]["data-key"] ?? "");
}

function create(node, parent) {
  if (typeof node === "string") return document.createTextNode(node);
  if (FORBIDDEN.has(node[0])) throw new Error(`element <${node[0]}> is not allowed`);
  const inSvg = node[0] === "svg" || parent.namespaceURI === SVG;
  const element = inSvg ? document.createElementNS(SVG, node[0]) : document.createElement(node[0]);
  if ("data-fold" in node[1]) element.open = ROOMY.matches; // folded on small screens at first
  return element;
}

function setAttributes(element, attributes) {
  for (const { name } of [...element.attributes]) {
    if (!(name in attributes) && name !== "open") element.removeAttribute(name);
  }
  for (const [name, value] of Object.entries(attributes)) {
    if (!isAllowed(name, value)) continue;
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  }
  if (element.localName === "option") element.selected = "selected" in attributes;
  const isOtherInput = element.localName === "input" && element !== document.activeElement;
  if (isOtherInput) element.value = attributes.value ?? "";
}

function isAllowed(name, value) {
  if (name.startsWith("on") || name === "style" || name === "srcdoc") return false;
  if (name !== "href" && name !== "src") return true;
  return ["http:", "https:"].includes(new URL(value, document.baseURI).protocol);
}

export default { render };
