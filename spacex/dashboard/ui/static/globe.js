// A globe, or a flat map, with thousands of moving points. The kernel sends keyframes: positions and
// velocities at steady instants. Between two of them, each point moves on a cubic curve, which the
// graphics processor computes. `globe_painters.js`, which the kernel puts before this, draws them.

const UNATTENDED_MS = 600_000; // without a touch, the globe stops, and the kernel may rest
const MOST_FRAME_MS = 100; // that time moves on by, in one frame
const SLOWEST_FRAME_MS = 100;
const SLOW_MS = 40; // a frame; where they take longer, there are fewer, so that the page stays usable
const RARE_FRAME_MS = 80;
const STEPS_PER_PX = 6; // frames while a point moves by a pixel; more would not be seen
const SPEED_KM_S = 7.6;
const AHEAD_MS = 1500; // keyframes that are needed within this time are asked for
const MOST_ASKED = 4;
const ASK_AGAIN_MS = 5_000;
const KEPT_FRAMES = 48;
const NEAR_PX = 10;
const SPEEDS = [1, 10, 30, 60, 300];
const MINUTE_MS = 60_000;
const SETTLED_MS = 400;
const ZOOMS = [1, 12];
const TURNED = { ArrowLeft: [-10, 0], ArrowRight: [10, 0], ArrowUp: [0, 10], ArrowDown: [0, -10] };
const MARKED = "#ffffff";
const NO_WEBGL = "This browser draws no globe (WebGL 2 is off or missing), so the map is flat.";

function render({ model, el }) {
  const parts = build(el, model);
  const { stage, marks, tip, play, speed, scrubber, clock } = parts;
  const isCompact = model.get("is_compact");
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const home = () => (model.get("is_live") ? Date.now() : model.get("home_ms"));
  const state = { isPlaying: !isStill && !model.get("at_ms"), at: model.get("at_ms") || home() };
  const frames = new Map(); // the keyframes, by number
  const asked = new Map(); // when the keyframes were asked for that have not come
  const texts = new Map(); // what the kernel says of points
  let look = null; // groups and colours
  let curves = null; // the keyframes shown
  let painter = null;
  let view = null;
  let hovered = -1;
  let isSeen = true;
  let isTracked = true; // the track that was asked for has come
  let pending = 0; // the next frame
  let drawn = 0; // when the last one was drawn
  let pace = 0; // mean time from a frame to the next, while it plays
  let touched = performance.now();
  let timer = 0;

  const isFlat = () => model.get("is_flat") || painter instanceof PlainPainter;
  const step = () => model.get("step_ms");
  const speedNow = () => Number(speed.value);
  const look_at = () => ({ turn: state.turn, tilt: state.tilt, zoom: state.zoom });

  const readView = () => {
    Object.assign(state, { turn: model.get("turn"), tilt: model.get("tilt"), zoom: model.get("zoom") });
    wake();
  };
  const readLook = () => {
    look = readGroups(model);
    showLegend(parts.legend, model);
    marks.setAttribute("aria-label", model.get("alt_text"));
    wake();
  };
  const readTime = () => {
    const wanted = model.get("at_ms");
    if (wanted && Math.abs(wanted - state.at) < MINUTE_MS) return;
    state.at = wanted || home();
    setScrubber();
    wake();
  };
  const restart = () => {
    frames.clear();
    asked.clear();
    texts.clear();
    curves = null;
    readLook();
  };
  const showShape = () => {
    el.classList.toggle("flat", isFlat());
    parts.notice.textContent = isFlat() && !model.get("is_flat") ? NO_WEBGL : "";
    wake();
  };
  const setPainter = (isPlain) => {
    painter?.remove();
    const rings = new Int16Array(bytes(model.get("land")));
    try {
      painter = isPlain ? new PlainPainter(stage, rings) : new GlPainter(stage, rings, () => setPainter(true));
    } catch (error) {
      console.warn(error.message);
      painter = new PlainPainter(stage, rings);
    }
    showShape();
  };

  // Ask for the keyframes around an instant that are missing, a few at a time.
  const ask = () => {
    const now = performance.now();
    const first = Math.floor(state.at / step());
    const ahead = state.isPlaying ? state.at + speedNow() * AHEAD_MS : state.at;
    const last = Math.floor(ahead / step()) + 1;
    for (const [number, since] of asked) if (now - since > ASK_AGAIN_MS) asked.delete(number);
    for (let number = first; number <= last; number++) {
      if (frames.has(number) || asked.has(number) || asked.size >= MOST_ASKED) continue;
      asked.set(number, now);
      model.send({ needed: number });
    }
  };
  const receive = (content, buffers) => {
    if ("described" in content) {
      texts.set(content.described, content.text);
      showTip();
    }
    if (!("keyframe" in content) || content.fleet !== model.get("fleet")) return;
    asked.delete(content.keyframe);
    frames.set(content.keyframe, { points: new Int16Array(bytes(buffers[0])), sun: content.sun });
    if (frames.size > KEPT_FRAMES) frames.delete(frames.keys().next().value);
    wake();
  };

  const find = () => {
    const number = Math.floor(state.at / step());
    const [first, last] = [frames.get(number), frames.get(number + 1)];
    if (!first || !last || first.points.length !== 6 * look.groups.length) return;
    const share = state.at / step() - number;
    const sun = unit(first.sun.map((each, axis) => each + share * (last.sun[axis] - each)));
    curves = { first: first.points, last: last.points, share, sun };
    el.dataset.shownMs = state.at;
  };
  const advance = (elapsed) => {
    if (!state.isPlaying) return;
    const next = state.at + Math.min(elapsed, MOST_FRAME_MS) * speedNow();
    const number = Math.floor(next / step());
    if (frames.has(number) && frames.has(number + 1)) state.at = next; // else wait for them
    const isOver = !isCompact && state.at >= Number(scrubber.max);
    if (isOver || performance.now() - touched > UNATTENDED_MS) pause();
  };

  const frame = (now) => {
    pending = 0;
    // A visit begins with the start page, hidden, even if the address asks for another one.
    if (!painter && !("shown" in document.body.dataset)) return wake();
    if (!look || !stage.clientWidth) return;
    if (!painter) setPainter(false);
    const px = (view?.radius ?? 300) / model.get("earth_radius_km");
    const seen = clamped(1000 / (STEPS_PER_PX * px * SPEED_KM_S * speedNow()), 0, SLOWEST_FRAME_MS);
    const least = pace > SLOW_MS ? Math.max(seen, RARE_FRAME_MS) : seen;
    if (state.isPlaying && now - drawn < least - 4 && !state.isOther) return wakeNext();
    if (state.isPlaying && seen < SLOW_MS) pace += 0.05 * (Math.min(now - drawn, MOST_FRAME_MS) - pace);
    advance(now - drawn);
    drawn = now;
    state.isOther = false;
    ask();
    find();
    draw();
    wakeNext();
  };
  const wakeNext = () => {
    if (state.isPlaying && isSeen && !document.hidden) pending ||= requestAnimationFrame(frame);
  };
  const wake = () => {
    state.isOther = true;
    pending ||= requestAnimationFrame(frame);
  };

  const draw = () => {
    const began = performance.now();
    view = viewOf(look_at(), stage.clientWidth, stage.clientHeight, isFlat());
    if (curves) {
      painter.paintEarth(view, curves.sun);
      painter.paintPoints(view, curves.sun, curves, look);
      drawMarks(marks, model, { view, curves, look, hovered });
      followTrack();
      if (hovered >= 0) showTip();
    }
    showTime();
    el.dataset.frameMs = (performance.now() - began).toFixed(2);
    el.dataset.frames = Number(el.dataset.frames ?? 0) + 1;
  };
  const showTime = () => {
    const text = `${new Date(state.at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
    if (clock.value === text) return;
    clock.value = text;
    scrubber.value = state.at;
    scrubber.setAttribute("aria-valuetext", text);
  };
  const showPlay = () => {
    play.textContent = state.isPlaying ? "Pause" : "Play";
  };
  const setScrubber = () => {
    const [reach, center] = [model.get("reach_ms"), home()];
    const middle = Math.abs(state.at - center) < reach ? center : state.at;
    const known = model.get("known_ms"); // where there is no kernel to ask for other times
    [scrubber.min, scrubber.max] = known ?? [Math.floor(middle - reach), Math.ceil(middle + reach)];
    scrubber.value = state.at;
  };
  const followTrack = () => {
    const [start, end] = model.get("track_ms");
    const isCovered = state.at >= start && state.at < start + (end - start) / 4;
    if (model.get("marked") < 0 || isCovered || !isTracked) return;
    isTracked = false;
    model.send({ follow_ms: state.at });
  };
  const showTip = () => {
    const place = hovered < 0 || !curves ? null : placeOf(curves, hovered, look.unit);
    const at = place && onScreen(view, place);
    tip.hidden = !at || !texts.get(hovered);
    if (tip.hidden) return;
    tip.textContent = texts.get(hovered);
    tip.style.left = `${clamped(at[0], 0, view.width - tip.offsetWidth - 14)}px`;
    tip.style.top = `${clamped(at[1] + 14, 0, view.height - tip.offsetHeight)}px`;
  };
  const hover = (index) => {
    if (index === hovered) return;
    hovered = index;
    marks.style.cursor = index < 0 ? "" : "pointer";
    if (index >= 0 && !texts.has(index)) model.send({ hovered: index });
    showTip();
    wake();
  };

  // Tell the kernel what is seen, once it has rested, so that the address holds it.
  const settle = (isTime) => {
    touched = performance.now();
    state.isNewTime ||= isTime;
    clearTimeout(timer);
    timer = setTimeout(() => {
      const at = Math.round(state.at / MINUTE_MS) * MINUTE_MS;
      const place = { turn: Math.round(state.turn), tilt: Math.round(state.tilt), zoom: Number(state.zoom.toFixed(2)) };
      if (!isCompact) model.set(state.isNewTime ? { ...place, at_ms: state.isHome ? 0 : at } : place);
      if (!isCompact) model.save_changes();
      state.isNewTime = false;
    }, SETTLED_MS);
  };
  const pause = () => {
    state.isPlaying = false;
    state.isHome = false;
    showPlay();
    settle(true);
  };
  const turn = (right, up) => {
    state.turn = ((((state.turn + right + 180) % 360) + 360) % 360) - 180;
    state.tilt = clamped(state.tilt + up, -90, 90);
    hover(-1);
    settle(false);
    wake();
  };
  const zoom = (factor) => {
    state.zoom = clamped(state.zoom * factor, ...ZOOMS);
    settle(false);
    wake();
  };

  play.onclick = () => {
    if (state.isPlaying) return pause();
    state.isPlaying = true;
    if (state.at >= Number(scrubber.max)) state.at = home();
    touched = performance.now();
    pace = 0;
    showPlay();
    wake();
  };
  speed.onchange = () => {
    touched = performance.now();
    wake();
  };
  scrubber.oninput = () => {
    state.at = Number(scrubber.value);
    state.isHome = false;
    settle(true);
    wake();
  };
  parts.now.onclick = () => {
    state.at = home();
    state.isHome = true;
    setScrubber();
    settle(true);
    wake();
  };
  parts.nearer.onclick = () => zoom(1.5);
  parts.farther.onclick = () => zoom(1 / 1.5);
  marks.onkeydown = (event) => {
    const by = TURNED[event.key];
    const factor = { "+": 1.25, "=": 1.25, "-": 1 / 1.25 }[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey || !(by || factor)) return;
    event.preventDefault();
    if (by) turn(by[0] / Math.sqrt(state.zoom), by[1] / Math.sqrt(state.zoom));
    else zoom(factor);
  };
  // The wheel zooms the globe that has the focus; else, it scrolls the page.
  marks.addEventListener(
    "wheel",
    (event) => {
      if (document.activeElement !== marks && !event.ctrlKey) return;
      event.preventDefault();
      zoom(Math.exp(-event.deltaY / 500));
    },
    { passive: false },
  );
  trackPointers(marks, {
    drag: (right, down) => {
      const degrees = 1 / (DEGREE * (view?.radius ?? 300));
      turn(-right * degrees, down * degrees);
    },
    pinch: zoom,
    move: (left, top) => hover(curves ? nearest({ view, curves, look }, left, top) : -1),
    leave: () => hover(-1),
    click: (left, top) => {
      touched = performance.now();
      const index = curves ? nearest({ view, curves, look }, left, top) : -1;
      if (index >= 0) model.send({ clicked: index });
    },
  });
  parts.legend.onclick = ({ target }) => {
    const name = target.closest("button")?.dataset.name;
    if (name === undefined) return;
    const off = new Set(model.get("off"));
    if (!off.delete(name)) off.add(name);
    model.set("off", [...off]);
    model.save_changes();
  };

  const visibility = new IntersectionObserver(([entry]) => {
    isSeen = entry.isIntersecting;
    wake();
  });
  visibility.observe(stage);
  const resized = new ResizeObserver(wake);
  resized.observe(stage);
  document.addEventListener("visibilitychange", wake);
  const listeners = {
    "change:turn change:tilt change:zoom": readView,
    "change:groups change:legend change:off change:alt_text": readLook,
    "change:fleet": restart,
    "change:at_ms change:home_ms": readTime,
    "change:is_flat": showShape,
    "change:marked change:track": wake,
    "change:track_ms": () => (isTracked = true),
    "msg:custom": receive,
  };
  for (const [events, listener] of Object.entries(listeners)) model.on(events, listener);
  readView();
  readLook();
  setScrubber();
  showPlay();
  return () => {
    cancelAnimationFrame(pending);
    clearTimeout(timer);
    visibility.disconnect();
    resized.disconnect();
    document.removeEventListener("visibilitychange", wake);
    for (const [events, listener] of Object.entries(listeners)) model.off(events, listener);
    painter?.remove();
  };
}

// Create the elements of the globe and its controls.
function build(el, model) {
  const isCompact = model.get("is_compact");
  el.classList.add("globe");
  el.classList.toggle("compact", isCompact);
  const add = (parent, name, properties = {}) => parent.appendChild(Object.assign(document.createElement(name), properties));
  const stage = add(el, "div", { className: "stage" });
  const marks = add(stage, "canvas", { className: "marks", tabIndex: 0 });
  marks.setAttribute("role", "img");
  const tip = add(stage, "div", { className: "tip", hidden: true });
  const notice = add(el, "p", { className: "note" });
  notice.setAttribute("role", "status");
  const bar = add(el, "div", { className: "bar" });
  const button = (parent, textContent, label) => {
    const made = add(parent, "button", { type: "button", textContent });
    if (label) made.setAttribute("aria-label", label);
    return made;
  };
  const zooms = add(stage, "div", { className: "zooms" });
  const [nearer, farther] = [button(zooms, "+", "Zoom in"), button(zooms, "−", "Zoom out")];
  const play = button(bar, "Play");
  const speed = add(bar, "select");
  speed.setAttribute("aria-label", "Speed");
  for (const value of SPEEDS) add(speed, "option", { value, textContent: `× ${value}` });
  speed.value = isCompact ? 30 : 60;
  const scrubber = add(bar, "input", { type: "range", step: MINUTE_MS, hidden: isCompact });
  scrubber.setAttribute("aria-label", "Time");
  const clock = add(bar, "output");
  const now = button(bar, model.get("is_live") ? "Now" : "Newest data");
  now.hidden = isCompact;
  const legend = add(el, "ul", { className: "legend" });
  legend.setAttribute("aria-label", "What is shown");
  return { stage, marks, tip, notice, play, speed, scrubber, clock, now, farther, nearer, legend };
}

// The groups of the points, and the colour of each group; those that are switched off have none.
function readGroups(model) {
  const off = new Set(model.get("off"));
  const colours = new Float32Array(4 * MOST_GROUPS);
  const sizes = new Float32Array(MOST_GROUPS).fill(1);
  const names = model.get("legend").map(({ colour }) => colour);
  model.get("legend").forEach(({ name, colour, size }, index) => {
    sizes[index] = size;
    if (off.has(name)) return;
    colours.set([...channels(colour), 1], 4 * index);
  });
  return {
    ...{ colours, names, sizes, showsLight: model.get("shows_light") },
    groups: new Uint8Array(bytes(model.get("groups"))),
    unit: model.get("unit_km") / model.get("earth_radius_km"),
  };
}

// Show a switch for each group of points, with its colour and its count.
function showLegend(list, model) {
  const off = new Set(model.get("off"));
  const shown = model.get("legend");
  while (list.children.length > shown.length) list.lastChild.remove();
  shown.forEach(({ name, colour, count }, index) => {
    const item = list.children[index] ?? list.appendChild(document.createElement("li"));
    const button = item.firstChild ?? item.appendChild(document.createElement("button"));
    if (!button.firstChild) button.append(document.createElement("i"), document.createTextNode(""));
    button.type = "button";
    button.dataset.name = name;
    button.setAttribute("aria-pressed", String(!off.has(name)));
    button.firstChild.style.background = colour;
    button.lastChild.data = count === null ? name : `${name}: ${count.toLocaleString("en")}`;
  });
}

// Draw what a few points have: the track and the circle of the marked one, places on the ground.
function drawMarks(canvas, model, { view, curves, look, hovered }) {
  const scale = fit(canvas, view);
  const context = canvas.getContext("2d");
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, view.width, view.height);
  for (const [longitude, latitude] of model.get("places")) {
    const at = onScreen(view, direction(longitude, latitude));
    if (!at) continue;
    context.beginPath();
    context.moveTo(at[0], at[1] - 5);
    context.lineTo(at[0] + 4.5, at[1] + 3);
    context.lineTo(at[0] - 4.5, at[1] + 3);
    context.closePath();
    context.fillStyle = MARKED;
    context.strokeStyle = SEA;
    context.fill();
    context.stroke();
  }
  const marked = model.get("marked");
  const place = marked < 0 ? null : placeOf(curves, marked, look.unit);
  if (place) {
    context.strokeStyle = MARKED;
    context.lineWidth = 1.5;
    context.setLineDash([6, 4]);
    line(context, view, trackOf(model));
    context.setLineDash([]);
    const circle = circleAround(unit(place), model.get("circle_deg") * DEGREE);
    line(context, view, circle, view.isFlat ? "" : "rgb(255 255 255 / 10%)");
    ring(context, onScreen(view, place), 7, 2.5);
  }
  if (hovered >= 0 && hovered !== marked) {
    const at = placeOf(curves, hovered, look.unit);
    ring(context, at && onScreen(view, at), 6, 1.5);
  }
}

function ring(context, at, radius, width) {
  if (!at) return;
  context.lineWidth = width;
  context.beginPath();
  context.arc(...at, radius, 0, 2 * Math.PI);
  context.stroke();
}

// Draw a line over the ground, but not through the Earth, nor across a flat map.
function line(context, view, directions, fill = "") {
  context.beginPath();
  let before = null;
  let isWhole = true;
  for (const each of directions) {
    const at = each && onScreen(view, each);
    const isJump = at && before && view.isFlat && Math.abs(at[0] - before[0]) > view.width / 3;
    if (at) context[before && !isJump ? "lineTo" : "moveTo"](...at);
    isWhole &&= Boolean(at) && !isJump;
    before = at;
  }
  if (fill && isWhole) {
    context.fillStyle = fill;
    context.fill();
  }
  context.stroke();
}

// The directions of a ground track; null between its parts.
function trackOf(model) {
  const numbers = new Float32Array(bytes(model.get("track")));
  const found = [];
  for (let at = 0; at < numbers.length; at += 2) {
    found.push(Number.isNaN(numbers[at]) ? null : direction(numbers[at], numbers[at + 1]));
  }
  return found;
}

function circleAround(center, angle) {
  const side = unit(cross(center, Math.abs(center[2]) < 0.9 ? [0, 0, 1] : [1, 0, 0]));
  const other = cross(center, side);
  const found = [];
  for (let degrees = 0; degrees <= 360; degrees += 4) {
    const [a, b] = [Math.cos(degrees * DEGREE) * Math.sin(angle), Math.sin(degrees * DEGREE) * Math.sin(angle)];
    found.push([0, 1, 2].map((axis) => Math.cos(angle) * center[axis] + a * side[axis] + b * other[axis]));
  }
  return found;
}

function cross(a, b) {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function unit(vector) {
  const length = Math.hypot(...vector) || 1;
  return vector.map((each) => each / length);
}

// The index of the point that is nearest to a place on the screen, or -1.
function nearest({ view, curves, look }, left, top) {
  let found = -1;
  let least = NEAR_PX * NEAR_PX;
  eachVisible(view, curves.sun, curves, look, (index, x, y) => {
    const distance = (x - left) ** 2 + (y - top) ** 2;
    if (distance < least) [found, least] = [index, distance];
  });
  return found;
}

// Tell drags, pinches, clicks and movements over a canvas apart.
function trackPointers(canvas, { drag, pinch, move, leave, click }) {
  const downs = new Map();
  let moved = 0;
  const spread = () => {
    const [a, b] = [...downs.values()];
    return b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
  };
  canvas.onpointerdown = (event) => {
    if (!downs.size) moved = 0;
    downs.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    canvas.setPointerCapture(event.pointerId);
  };
  canvas.onpointermove = (event) => {
    const from = downs.get(event.pointerId);
    if (!from) return move(event.offsetX, event.offsetY);
    const before = spread();
    const [right, down] = [event.offsetX - from.x, event.offsetY - from.y];
    downs.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    moved += Math.hypot(right, down);
    if (downs.size > 1) pinch(spread() / (before || 1));
    else if (moved >= 3) drag(right, down);
  };
  canvas.onpointerup = canvas.onpointercancel = (event) => {
    const isClick = downs.size === 1 && moved < 3 && event.type === "pointerup";
    downs.delete(event.pointerId);
    if (isClick) click(event.offsetX, event.offsetY);
  };
  canvas.onpointerleave = leave;
}

// The bytes of a value from the kernel, aligned for numbers.
function bytes(view) {
  return view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
}

export default { render };
