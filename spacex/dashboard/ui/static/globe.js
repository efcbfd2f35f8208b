// A globe with thousands of moving points, drawn on a canvas. The kernel sends keyframes: positions
// and velocities at steady instants; between two of them, each point moves on a cubic curve.

const DEGREE = Math.PI / 180;
const EARTH = 0.82; // radius of the Earth, of half the canvas
const ASK_AHEAD = 0.5; // of a step before the last keyframe ends
const UNATTENDED_MS = 600_000; // without a touch, the globe stops, and the kernel may rest
const FRAME_MS = 30; // often enough for slow points, at half the work
const NEAR_PX = 12;
const POINT_PX = 1.6;
const SPEEDS = [1, 30, 120];

function render({ model, el }) {
  el.classList.add("globe");
  const canvas = document.createElement("canvas");
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "img");
  const bar = document.createElement("div");
  bar.className = "bar";
  const play = button(bar);
  const speed = button(bar);
  const clock = document.createElement("output");
  bar.append(clock);
  el.append(canvas, bar);

  const context = canvas.getContext("2d");
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const state = { playing: !still, speed: SPEEDS[1], turn: model.get("turn"), tilt: 20, at: 0 };
  let curves = null; // two keyframes, and when they are
  let earth = null; // the drawn Earth, for one view and one size
  let seen = true;
  let removed = false;
  let drawn = 0; // when the last frame was drawn
  let touched = performance.now();
  let asked = -1;

  const readFrames = () => {
    const [first, last] = ["first", "last"].map((name) => new Int16Array(bytes(model.get(name))));
    const count = first.length / 6;
    if (last.length !== first.length) return;
    curves = { first, last, count, start: model.get("start_ms"), step: model.get("step_ms") };
    if (state.at < curves.start || state.at > curves.start + curves.step) state.at = curves.start;
    canvas.setAttribute("aria-label", model.get("alt_text"));
    draw();
  };

  const draw = () => {
    if (!curves || !el.clientWidth) return;
    const size = Math.min(el.clientWidth, 520);
    const scale = devicePixelRatio || 1;
    if (canvas.width !== Math.round(size * scale)) {
      canvas.width = canvas.height = Math.round(size * scale);
      canvas.style.width = canvas.style.height = `${size}px`;
      earth = null;
    }
    const view = orientation(state, size / 2);
    earth ??= drawEarth(model, view, size, scale);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.drawImage(earth, 0, 0);
    context.setTransform(scale, 0, 0, scale, 0, 0);
    drawNight(context, view, model.get("sun"));
    drawPoints(context, view, curves, model, state.at);
    clock.value = `${new Date(state.at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
    play.textContent = state.playing ? "Pause" : "Play";
    speed.textContent = `Speed × ${state.speed}`;
  };

  const step = (now) => {
    if (removed) return;
    requestAnimationFrame(step);
    const elapsed = Math.min(now - drawn, 100);
    if (elapsed < FRAME_MS) return;
    drawn = now;
    if (!curves || !state.playing || !seen || document.hidden) return;
    if (now - touched > UNATTENDED_MS) state.playing = false;
    const end = curves.start + curves.step;
    state.at = Math.min(state.at + elapsed * state.speed, end);
    if (end - state.at < ASK_AHEAD * curves.step && asked !== end) {
      asked = end;
      model.send({ needed_ms: end });
    }
    const next = model.get("next");
    if (state.at >= end && next.byteLength && model.get("next_ms") === end) {
      curves = { ...curves, first: curves.last, last: new Int16Array(bytes(next)), start: end };
    }
    draw();
  };

  const turn = (right, down) => {
    state.turn = ((state.turn - right + 540) % 360) - 180;
    state.tilt = Math.max(-90, Math.min(90, state.tilt + down));
    earth = null;
    touched = performance.now();
    draw();
  };

  play.onclick = () => {
    state.playing = !state.playing;
    touched = performance.now();
    draw();
  };
  speed.onclick = () => {
    state.speed = SPEEDS[(SPEEDS.indexOf(state.speed) + 1) % SPEEDS.length];
    touched = performance.now();
    draw();
  };
  canvas.onkeydown = (event) => {
    const by = { ArrowLeft: [-10, 0], ArrowRight: [10, 0], ArrowUp: [0, -10], ArrowDown: [0, 10] };
    if (!(event.key in by)) return;
    event.preventDefault();
    turn(...by[event.key]);
  };
  let from = null;
  canvas.onpointerdown = (event) => {
    from = { x: event.offsetX, y: event.offsetY, moved: 0 };
    canvas.setPointerCapture(event.pointerId);
  };
  canvas.onpointermove = (event) => {
    if (!from) return;
    const [right, down] = [event.offsetX - from.x, event.offsetY - from.y];
    from = { x: event.offsetX, y: event.offsetY, moved: from.moved + Math.hypot(right, down) };
    const degrees = 90 / (EARTH * (canvas.clientWidth / 2));
    turn(right * degrees, down * degrees);
  };
  canvas.onpointerup = (event) => {
    const isClick = from && from.moved < 3;
    from = null;
    if (!isClick || !curves) return;
    const view = orientation(state, canvas.clientWidth / 2);
    const index = nearest(view, curves, model, state.at, event.offsetX, event.offsetY);
    if (index >= 0) model.send({ clicked: index });
  };

  const visibility = new IntersectionObserver(([entry]) => (seen = entry.isIntersecting));
  visibility.observe(canvas);
  const resized = new ResizeObserver(draw);
  resized.observe(el);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const recolour = () => {
    earth = null;
    draw();
  };
  dark.addEventListener("change", recolour);
  model.on("change:first change:last", readFrames);
  readFrames();
  requestAnimationFrame(step);
  return () => {
    removed = true;
    visibility.disconnect();
    resized.disconnect();
    dark.removeEventListener("change", recolour);
    model.off("change:first change:last", readFrames);
  };
}

function button(parent) {
  const made = document.createElement("button");
  made.type = "button";
  parent.append(made);
  return made;
}

// The bytes of a value from the kernel, aligned for numbers.
function bytes(view) {
  return view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
}

// The rotation from Earth-fixed axes to the screen: x right, y up, z towards the viewer.
function orientation({ turn, tilt }, middle) {
  const [sinTurn, cosTurn] = [Math.sin(turn * DEGREE), Math.cos(turn * DEGREE)];
  const [sinTilt, cosTilt] = [Math.sin(tilt * DEGREE), Math.cos(tilt * DEGREE)];
  const radius = EARTH * middle;
  return {
    middle,
    radius,
    right: [-sinTurn, cosTurn, 0],
    up: [-sinTilt * cosTurn, -sinTilt * sinTurn, cosTilt],
    towards: [cosTilt * cosTurn, cosTilt * sinTurn, sinTilt],
  };
}

const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

// Where a direction appears; those on the far side are moved to the rim.
function onDisc(view, direction) {
  let [x, y] = [dot(view.right, direction), dot(view.up, direction)];
  if (dot(view.towards, direction) < 0) {
    const length = Math.hypot(x, y) || 1;
    [x, y] = [x / length, y / length];
  }
  return [view.middle + view.radius * x, view.middle - view.radius * y];
}

function colour(name) {
  return getComputedStyle(document.querySelector(".globe")).getPropertyValue(name);
}

function drawEarth(model, view, size, scale) {
  const layer = document.createElement("canvas");
  layer.width = layer.height = Math.round(size * scale);
  const context = layer.getContext("2d");
  context.scale(scale, scale);
  disc(context, view);
  context.fillStyle = colour("--sea");
  context.fill();
  context.beginPath();
  for (const ring of model.get("land")) {
    const directions = ring.map(([longitude, latitude]) => direction(longitude, latitude));
    if (directions.every((each) => dot(view.towards, each) < 0)) continue;
    directions.forEach((each, index) => {
      context[index ? "lineTo" : "moveTo"](...onDisc(view, each));
    });
    context.closePath();
  }
  context.fillStyle = colour("--land");
  context.fill();
  return layer;
}

function direction(longitude, latitude) {
  const [lon, lat] = [longitude * DEGREE, latitude * DEGREE];
  return [Math.cos(lat) * Math.cos(lon), Math.cos(lat) * Math.sin(lon), Math.sin(lat)];
}

function disc(context, view) {
  context.beginPath();
  context.arc(view.middle, view.middle, view.radius, 0, 2 * Math.PI);
}

// Shade the night. The great circle between day and night, its far half moved to the rim, bounds
// the half of the Earth that has the centre of the disc: the day if the Sun is on this side.
function drawNight(context, view, sun) {
  const side = Math.abs(sun[2]) < 0.9 ? cross(sun, [0, 0, 1]) : cross(sun, [1, 0, 0]);
  const other = cross(sun, side);
  if (dot(view.towards, sun) >= 0) disc(context, view);
  else context.beginPath();
  for (let degrees = 0; degrees <= 360; degrees += 3) {
    const [a, b] = [Math.cos(degrees * DEGREE), Math.sin(degrees * DEGREE)];
    const point = onDisc(view, [0, 1, 2].map((axis) => a * side[axis] + b * other[axis]));
    context[degrees ? "lineTo" : "moveTo"](...point);
  }
  context.closePath();
  context.fillStyle = colour("--night");
  context.fill("evenodd");
}

function cross(a, b) {
  const found = [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
  const length = Math.hypot(...found);
  return found.map((each) => each / length);
}

// Call back with the index of each point and its place along the three axes of the screen. A
// keyframe has six numbers a point: its position, and its velocity times the step.
function eachPoint(view, { first, last, count, start, step }, at, callback) {
  const t = (at - start) / step;
  const [a, b] = [(1 + 2 * t) * (1 - t) ** 2, t * (1 - t) ** 2];
  const [c, d] = [t * t * (3 - 2 * t), t * t * (t - 1)];
  const place = [0, 0, 0];
  for (let index = 0; index < count; index++) {
    for (let axis = 0; axis < 3; axis++) {
      const [p, v] = [6 * index + axis, 6 * index + axis + 3];
      place[axis] = a * first[p] + b * first[v] + c * last[p] + d * last[v];
    }
    if (!place[0] && !place[1] && !place[2]) continue; // no position is known
    callback(index, dot(view.right, place), dot(view.up, place), dot(view.towards, place));
  }
}

// Call back with the index and the place on the canvas of each point that the Earth does not hide.
function eachVisible(view, curves, model, at, callback) {
  const unit = (view.radius * model.get("unit_km")) / model.get("earth_radius_km");
  eachPoint(view, curves, at, (index, x, y, z) => {
    const [right, up] = [x * unit, y * unit];
    if (z < 0 && right * right + up * up < view.radius * view.radius) return;
    callback(index, view.middle + right, view.middle - up);
  });
}

function drawPoints(context, view, curves, model, at) {
  const groups = new Uint8Array(bytes(model.get("groups")));
  const colours = model.get("colours");
  let used = -1;
  eachVisible(view, curves, model, at, (index, left, top) => {
    if (groups[index] !== used) {
      used = groups[index];
      context.fillStyle = colours[used];
    }
    context.fillRect(left - POINT_PX / 2, top - POINT_PX / 2, POINT_PX, POINT_PX);
  });
}

function nearest(view, curves, model, at, left, top) {
  let found = -1;
  let least = NEAR_PX * NEAR_PX;
  eachVisible(view, curves, model, at, (index, x, y) => {
    const distance = (x - left) ** 2 + (y - top) ** 2;
    if (distance < least) [found, least] = [index, distance];
  });
  return found;
}

export { eachPoint };
export default { render };
