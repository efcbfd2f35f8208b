// How the globe draws: the geometry of its two projections, and two painters. `GlPainter` draws the
// globe and the flat map with WebGL 2; `PlainPainter` draws the flat map where there is no WebGL.

const DEGREE = Math.PI / 180;
const EARTH = 0.83; // diameter of the Earth, of the shorter side, unless it is zoomed
const SHARPEST = 2; // pixels drawn per pixel of the page, at most
const LAND_PX = 4096; // width of the picture of the land
const RING_ENDS = 32767; // separates the rings of the land
const LAND_UNIT = 0.1; // degrees
const MOST_GROUPS = 32;
const SEA = "#14335a";
const LAND = "#2f4f6b";
const NIGHT = "rgb(4 10 20 / 60%)";
const GRID_RAD = Math.PI / 6;
const SUN_STEP = Math.cos(0.2 * DEGREE); // the Earth is drawn anew when the Sun has moved that far

const channels = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255);
const inShader = (hex) => `vec3(${channels(hex).map((each) => each.toFixed(4))})`;
const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const wrapped = (angle) => angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
const clamped = (value, low, high) => Math.max(low, Math.min(high, value));

// What is seen: the projection, its size in pixels of the page and the place in its middle.
function viewOf({ turn, tilt, zoom }, width, height, isFlat) {
  const shorter = Math.min(width, height);
  const radius = isFlat ? (Math.min(width, 2 * height) / (2 * Math.PI)) * zoom : (EARTH * shorter * zoom) / 2;
  const [lon, lat] = [turn * DEGREE, tilt * DEGREE];
  const reach = Math.max(0, Math.PI / 2 - height / (2 * radius)); // of the middle of a flat map
  const [sinLon, cosLon] = [Math.sin(lon), Math.cos(lon)];
  const [sinLat, cosLat] = [Math.sin(lat), Math.cos(lat)];
  return {
    ...{ isFlat, width, height, radius, zoom },
    middle: [lon, isFlat ? clamped(lat, -reach, reach) : lat],
    right: [-sinLon, cosLon, 0],
    up: [-sinLat * cosLon, -sinLat * sinLon, cosLat],
    towards: [cosLat * cosLon, cosLat * sinLon, sinLat],
  };
}

// Where a place appears, in pixels of the page; null if the Earth hides it. Places are in radii of
// the Earth, in axes fixed to it.
function onScreen(view, place) {
  let [x, y] = [0, 0];
  if (view.isFlat) {
    x = wrapped(Math.atan2(place[1], place[0]) - view.middle[0]);
    y = Math.atan2(place[2], Math.hypot(place[0], place[1])) - view.middle[1];
  } else {
    [x, y] = [dot(view.right, place), dot(view.up, place)];
    if (dot(view.towards, place) < 0 && x * x + y * y < 1) return null;
  }
  return [view.width / 2 + view.radius * x, view.height / 2 - view.radius * y];
}

function direction(longitude, latitude) {
  const [lon, lat] = [longitude * DEGREE, latitude * DEGREE];
  return [Math.cos(lat) * Math.cos(lon), Math.cos(lat) * Math.sin(lon), Math.sin(lat)];
}

// The weights of both positions and both velocities on a cubic curve, at a share of its step.
function weights(t) {
  return [(1 + 2 * t) * (1 - t) ** 2, t * (1 - t) ** 2, t * t * (3 - 2 * t), t * t * (t - 1)];
}

// The place of a point between two keyframes, in their unit; null if it is not known. A keyframe
// has six numbers a point: its position, and its velocity times the step.
function placeOf({ first, last, share }, index, unit = 1) {
  const [a, b, c, d] = weights(share);
  const place = [0, 0, 0];
  for (let axis = 0; axis < 3; axis++) {
    const [p, v] = [6 * index + axis, 6 * index + axis + 3];
    place[axis] = unit * (a * first[p] + b * first[v] + c * last[p] + d * last[v]);
  }
  return isKnown(first, index) && isKnown(last, index) ? place : null;
}

function isKnown(points, index) {
  return Boolean(points[6 * index] || points[6 * index + 1] || points[6 * index + 2]);
}

// Draw the land into a new canvas, longitudes from west to east and latitudes from north to south.
function landPicture(rings, width, sea, land) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, width / 2];
  const context = canvas.getContext("2d");
  context.fillStyle = sea;
  context.fillRect(0, 0, width, width / 2);
  context.fillStyle = land;
  context.beginPath();
  for (const turns of [-1, 0, 1]) drawRings(context, rings, width, turns); // some reach beyond 180 degrees
  context.fill("evenodd");
  return canvas;
}

function drawRings(context, rings, width, turns) {
  let isNew = true;
  for (let at = 0; at < rings.length; at += 2) {
    const isEnd = rings[at] === RING_ENDS;
    const [longitude, latitude] = [rings[at] * LAND_UNIT + 360 * turns, rings[at + 1] * LAND_UNIT];
    const place = [((longitude + 180) / 360) * width, ((90 - latitude) / 360) * width];
    if (isEnd) context.closePath();
    else context[isNew ? "moveTo" : "lineTo"](...place);
    isNew = isEnd;
  }
}

function canvasIn(stage) {
  const canvas = document.createElement("canvas");
  canvas.setAttribute("aria-hidden", "true");
  stage.prepend(canvas);
  return canvas;
}

function fit(canvas, { width, height }) {
  const scale = Math.min(devicePixelRatio || 1, SHARPEST);
  const size = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== size[0] || canvas.height !== size[1]) [canvas.width, canvas.height] = size;
  return scale;
}

// Whether the Earth has to be drawn anew, which costs more than the points.
class EarthWatch {
  isOther(view, sun) {
    const key = [view.isFlat, view.width, view.height, view.radius, ...view.middle].join();
    const isSame = key === this.key && dot(sun, this.sun) > SUN_STEP;
    if (!isSame) [this.key, this.sun] = [key, sun];
    return !isSame;
  }
}

const PROJECTION = `
  uniform mat3 axes;      // rows: right, up, towards the viewer
  uniform vec2 middle;    // longitude and latitude in the middle of a flat map
  uniform bool isFlat;
  uniform vec3 sun;
  const float PI = 3.14159265;`;

const POINT_SHADER = `#version 300 es
  in vec3 p0, v0, p1, v1;
  in float group;
  uniform vec4 weight;    // of p0, v0, p1, v1
  uniform float unit;     // radii of the Earth
  uniform vec2 scale;     // of the screen, per radius of the Earth
  uniform float size;
  uniform bool showsLight;
  uniform vec4 colours[${MOST_GROUPS}];
  uniform float sizes[${MOST_GROUPS}];
  out vec4 colour;
  ${PROJECTION}
  void main() {
    vec3 place = unit * (weight.x * p0 + weight.y * v0 + weight.z * p1 + weight.w * v1);
    bool isShadow = dot(place, sun) < 0.0 && length(cross(place, sun)) < 1.0;
    int shown = int(group) + (showsLight && group == 0.0 && isShadow ? 1 : 0);
    colour = shown < ${MOST_GROUPS} ? colours[shown] : vec4(0);
    vec3 seen = place * axes;
    bool isHidden = !isFlat && seen.z < 0.0 && dot(seen.xy, seen.xy) < 1.0;
    if (isFlat) {
      float east = atan(place.y, place.x) - middle.x;
      seen = vec3(east - 2.0 * PI * round(east / (2.0 * PI)),
                  atan(place.z, length(place.xy)) - middle.y, 0);
    }
    bool isKnown = dot(p0, p0) > 0.0 && dot(p1, p1) > 0.0 && colour.a > 0.0;
    gl_Position = isKnown && !isHidden ? vec4(seen.xy * scale, 0, 1) : vec4(2, 2, 2, 1);
    gl_PointSize = shown < ${MOST_GROUPS} ? size * sizes[shown] : 0.0;
  }`;

const POINT_COLOUR = `#version 300 es
  precision mediump float;
  in vec4 colour;
  out vec4 shown;
  void main() {
    float far = length(gl_PointCoord - 0.5);
    shown = colour * smoothstep(0.5, 0.3, far);
  }`;

const EARTH_SHADER = `#version 300 es
  in vec2 corner;
  void main() { gl_Position = vec4(corner, 0, 1); }`;

const EARTH_COLOUR = `#version 300 es
  precision highp float;
  uniform vec3 frame;     // middle and radius of the Earth, in pixels
  uniform sampler2D land;
  uniform float level;    // of the smaller pictures of the land
  out vec4 shown;
  ${PROJECTION}
  const vec3 SEA = ${inShader(SEA)}, LAND = ${inShader(LAND)};
  const vec3 NIGHT_SEA = vec3(0.028, 0.07, 0.135), NIGHT_LAND = vec3(0.075, 0.125, 0.185);
  const vec3 AIR = vec3(0.36, 0.66, 0.96);
  void main() {
    vec2 at = (gl_FragCoord.xy - frame.xy) / frame.z;
    float far = length(at), height = 1.0;
    vec3 normal;
    vec2 place;           // longitude and latitude
    if (isFlat) {
      place = at + middle;
      if (abs(at.x) > PI || abs(place.y) > PI / 2.0) discard;
      normal = vec3(cos(place.y) * vec2(cos(place.x), sin(place.x)), sin(place.y));
    } else {
      height = sqrt(max(0.0, 1.0 - far * far));
      normal = axes * vec3(far < 1.0 ? at : at / far, height);
      place = vec2(atan(normal.y, normal.x), asin(clamp(normal.z, -1.0, 1.0)));
    }
    float day = smoothstep(-0.14, 0.14, dot(normal, sun));
    if (!isFlat && far >= 1.0) {
      float glow = exp(-18.0 * (far - 1.0)) * (0.14 + 0.4 * day);
      shown = vec4(AIR * glow, glow);
      return;
    }
    float isLand = smoothstep(0.35, 0.65, textureLod(land, vec2(place.x / (2.0 * PI) + 0.5, 0.5 - place.y / PI), level).r);
    vec3 colour = mix(mix(NIGHT_SEA, NIGHT_LAND, isLand), mix(SEA, LAND, isLand), day);
    vec2 line = abs(fract(place / ${GRID_RAD} + 0.5) - 0.5) * ${GRID_RAD} * vec2(cos(place.y), 1);
    colour += 0.035 * (1.0 - smoothstep(0.0, 1.5 / (frame.z * max(height, 0.2)), min(line.x, line.y)));
    float rim = pow(1.0 - height, 3.0);
    colour = colour * (0.8 + 0.2 * height) + AIR * rim * (0.05 + 0.22 * day);
    float edge = isFlat ? 1.0 : smoothstep(1.0, 1.0 - 1.5 / frame.z, far);
    shown = vec4(colour, 1.0) * mix(0.6, 1.0, edge);
  }`;

class GlProgram {
  constructor(canvas, vertex, fragment) {
    const gl = canvas.getContext("webgl2", { premultipliedAlpha: true, antialias: false });
    if (!gl) throw new Error("There is no WebGL 2.");
    [this.gl, this.canvas, this.program, this.names] = [gl, canvas, gl.createProgram(), new Map()];
    for (const [kind, source] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]]) {
      const shader = gl.createShader(kind);
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(this.program, shader);
    }
    gl.linkProgram(this.program);
    if (!gl.getProgramParameter(this.program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(this.program));
    gl.useProgram(this.program);
  }

  at(name) {
    if (!this.names.has(name)) this.names.set(name, this.gl.getUniformLocation(this.program, name));
    return this.names.get(name);
  }

  begin(view, sun) {
    const scale = fit(this.canvas, view);
    const { gl } = this;
    gl.viewport(0, 0, this.canvas.width, this.canvas.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.uniformMatrix3fv(this.at("axes"), false, [...view.right, ...view.up, ...view.towards]);
    gl.uniform2fv(this.at("middle"), view.middle);
    gl.uniform1i(this.at("isFlat"), view.isFlat ? 1 : 0);
    gl.uniform3fv(this.at("sun"), sun);
    return scale;
  }
}

class GlPainter {
  constructor(stage, rings, onLost) {
    const points = canvasIn(stage);
    const earth = canvasIn(stage);
    this.canvases = [earth, points];
    try {
      this.points = new GlProgram(points, POINT_SHADER, POINT_COLOUR);
      this.earth = new GlProgram(earth, EARTH_SHADER, EARTH_COLOUR);
    } catch (error) {
      this.canvases.forEach((each) => each.remove());
      throw error;
    }
    this.watch = new EarthWatch();
    this.buffers = new Map(); // of the keyframes and groups in use
    this.setUpEarth(rings);
    const { gl } = this.points;
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    for (const canvas of this.canvases) canvas.addEventListener("webglcontextlost", onLost, { once: true });
    this.onLost = onLost;
  }

  setUpEarth(rings) {
    const { gl, program } = this.earth;
    this.width = Math.min(LAND_PX, gl.getParameter(gl.MAX_TEXTURE_SIZE));
    gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
    const picture = landPicture(rings, this.width, "#000", "#fff");
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.R8, gl.RED, gl.UNSIGNED_BYTE, picture);
    gl.generateMipmap(gl.TEXTURE_2D);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR_MIPMAP_LINEAR);
    gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
    gl.bufferData(gl.ARRAY_BUFFER, new Float32Array([-1, -1, 3, -1, -1, 3]), gl.STATIC_DRAW);
    const corner = gl.getAttribLocation(program, "corner");
    gl.enableVertexAttribArray(corner);
    gl.vertexAttribPointer(corner, 2, gl.FLOAT, false, 0, 0);
  }

  paintEarth(view, sun) {
    if (!this.watch.isOther(view, sun)) return;
    const { gl, canvas } = this.earth;
    const scale = this.earth.begin(view, sun);
    const radius = view.radius * scale;
    gl.uniform3f(this.earth.at("frame"), canvas.width / 2, canvas.height / 2, radius);
    gl.uniform1f(this.earth.at("level"), Math.max(0, Math.log2(this.width / (2 * Math.PI * radius))));
    // Nothing is drawn beyond the glow of the air, which saves half the pixels of a wide stage.
    const reach = Math.ceil(view.isFlat ? canvas.width : 1.3 * radius);
    gl.enable(gl.SCISSOR_TEST);
    gl.scissor(canvas.width / 2 - reach, canvas.height / 2 - reach, 2 * reach, 2 * reach);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    gl.disable(gl.SCISSOR_TEST);
  }

  paintPoints(view, sun, curves, look) {
    const { gl } = this.points;
    const scale = this.points.begin(view, sun);
    this.use(curves.first, ["p0", "v0"]);
    this.use(curves.last, ["p1", "v1"]);
    this.use(look.groups, ["group"]);
    for (const [array, buffer] of this.buffers) {
      if (array === curves.first || array === curves.last || array === look.groups) continue;
      gl.deleteBuffer(buffer);
      this.buffers.delete(array);
    }
    gl.uniform4fv(this.points.at("weight"), weights(curves.share));
    gl.uniform1f(this.points.at("unit"), look.unit);
    gl.uniform2f(this.points.at("scale"), (2 * view.radius) / view.width, (2 * view.radius) / view.height);
    gl.uniform1f(this.points.at("size"), pointSize(view) * scale);
    gl.uniform1i(this.points.at("showsLight"), look.showsLight ? 1 : 0);
    gl.uniform4fv(this.points.at("colours"), look.colours);
    gl.uniform1fv(this.points.at("sizes"), look.sizes);
    gl.drawArrays(gl.POINTS, 0, look.groups.length);
  }

  // Let attributes read an array, which is sent to the graphics processor once.
  use(array, names) {
    const { gl, program } = this.points;
    const isNew = !this.buffers.has(array);
    if (isNew) this.buffers.set(array, gl.createBuffer());
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffers.get(array));
    if (isNew) gl.bufferData(gl.ARRAY_BUFFER, array, gl.STATIC_DRAW);
    names.forEach((name, place) => {
      const attribute = gl.getAttribLocation(program, name);
      gl.enableVertexAttribArray(attribute);
      if (name === "group") gl.vertexAttribPointer(attribute, 1, gl.UNSIGNED_BYTE, false, 0, 0);
      else gl.vertexAttribPointer(attribute, 3, gl.SHORT, false, 12, 6 * place);
    });
  }

  remove() {
    for (const { gl, canvas } of [this.points, this.earth]) {
      canvas.removeEventListener("webglcontextlost", this.onLost);
      gl.getExtension("WEBGL_lose_context")?.loseContext();
      canvas.remove();
    }
  }
}

class PlainPainter {
  constructor(stage, rings) {
    [this.points, this.earth] = [canvasIn(stage), canvasIn(stage)];
    this.land = landPicture(rings, LAND_PX / 2, SEA, LAND);
    this.watch = new EarthWatch();
  }

  paintEarth(view, sun) {
    if (!this.watch.isOther(view, sun)) return;
    const scale = fit(this.earth, view);
    const context = this.earth.getContext("2d");
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, view.width, view.height);
    const [width, height] = [2 * Math.PI * view.radius, Math.PI * view.radius];
    const left = view.width / 2 - (view.middle[0] + Math.PI) * view.radius;
    const top = view.height / 2 + (view.middle[1] - Math.PI / 2) * view.radius;
    const first = left - width * Math.ceil((left - (view.width - width) / 2) / width);
    context.beginPath();
    context.rect(view.width / 2 - width / 2, top, width, height);
    context.clip();
    for (const each of [first, first + width]) context.drawImage(this.land, each, top, width, height);
    this.paintNight(context, view, sun, top, height);
  }

  // Shade the night: south or north of where the Sun is on the horizon.
  paintNight(context, view, sun, top, height) {
    const pole = sun[2] > 0 ? top + height : top;
    context.beginPath();
    context.moveTo(view.width / 2 - Math.PI * view.radius, pole);
    for (let degrees = -180; degrees <= 180; degrees += 2) {
      const lon = view.middle[0] + degrees * DEGREE;
      const lat = Math.atan(-(sun[0] * Math.cos(lon) + sun[1] * Math.sin(lon)) / (sun[2] || 1e-6));
      context.lineTo(view.width / 2 + degrees * DEGREE * view.radius, view.height / 2 - (lat - view.middle[1]) * view.radius);
    }
    context.lineTo(view.width / 2 + Math.PI * view.radius, pole);
    context.fillStyle = NIGHT;
    context.fill();
  }

  paintPoints(view, sun, curves, look) {
    const scale = fit(this.points, view);
    const context = this.points.getContext("2d");
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, view.width, view.height);
    let [used, size] = [-1, 0];
    eachVisible(view, sun, curves, look, (_, left, top, group) => {
      if (group !== used) [context.fillStyle, size] = [look.names[group], pointSize(view) * look.sizes[group]];
      used = group;
      context.fillRect(left - size / 2, top - size / 2, size, size);
    });
    context.setTransform(1, 0, 0, 1, 0, 0);
  }

  remove() {
    this.points.remove();
    this.earth.remove();
  }
}

function pointSize({ zoom, width, isFlat }) {
  return clamped(width / (isFlat ? 330 : 180), 1.2, 2.8) * Math.sqrt(zoom);
}

// Call back with the index, the place on the screen and the group of each point that is shown.
function eachVisible(view, sun, curves, look, callback) {
  for (let index = 0; index < look.groups.length; index++) {
    let group = look.groups[index];
    if (group >= MOST_GROUPS) continue;
    const place = placeOf(curves, index, look.unit);
    if (!place) continue;
    if (look.showsLight && group === 0) group += isInShadow(place, sun) ? 1 : 0;
    if (!look.colours[4 * group + 3]) continue;
    const at = onScreen(view, place);
    if (at) callback(index, ...at, group);
  }
}

function isInShadow(place, sun) {
  const along = dot(place, sun);
  return along < 0 && dot(place, place) - along * along < 1;
}

export { placeOf };
