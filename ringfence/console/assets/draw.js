// Draws a fence by hand: corners clicked, or set by keys, on a map of the places; kept as GeoJSON (RFC 7946) in the form's
// own field. Without this file that field is filled in by hand, as everything else works without a script.
const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 1000, HEIGHT = 640, MARGIN = 40, LEAST_DEGREES = 0.01;
const STEP = 8, FAR = 48;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

for (const box of document.querySelectorAll("[data-ground]")) {
  const answer = await fetch(box.dataset.ground, { headers: { Accept: "application/json" } });
  const { places } = answer.ok ? await answer.json() : { places: [] };
  if (places.length) open(box, places);
}
document.documentElement.dataset.drawing = "ready";

function open(box, places) {
  const field = box.closest("form").elements.polygon;
  const [svg, said] = [box.querySelector("svg"), box.querySelector(".tally")];
  const ground = project(places);
  let corners = read(field.value).map(ground.toMap), isClosed = corners.length > 0;
  let cursor = [WIDTH / 2, HEIGHT / 2];

  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  for (const place of places) add(svg, "circle", { class: "place", ...at(ground.toMap(place)), r: 4 });
  const shape = add(svg, "path", { class: "fence" });
  const dots = add(svg, "g", { class: "corners" });
  const cross = add(svg, "path", { class: "cross" });

  function show() {
    const line = corners.map((corner) => corner.map(Math.round).join(" ")).join(" L ");
    shape.setAttribute("d", corners.length ? `M ${line}${isClosed ? " Z" : ""}` : "");
    shape.classList.toggle("closed", isClosed);
    dots.replaceChildren();
    for (const corner of corners) add(dots, "circle", { ...at(corner), r: 7 });
    cross.setAttribute("d", `M ${cursor[0] - 14} ${cursor[1]} h 28 M ${cursor[0]} ${cursor[1] - 14} v 28`);
    said.textContent = `${corners.length} ${said.dataset.corners}${isClosed ? ` · ${said.dataset.closed}` : ""}`;
  }

  const ways = {
    set(corner) {
      corners = isClosed ? [corner] : [...corners, corner];
      isClosed = false;
    },
    undo() {
      if (!isClosed) corners = corners.slice(0, -1);
      isClosed = false;
    },
    close() {
      isClosed = corners.length >= 3;
    },
    clear() {
      corners = [];
      isClosed = false;
    },
  };

  function act(way, ...given) {
    ways[way](...given);
    field.value = isClosed ? write(corners.map(ground.toEarth)) : "";
    show();
  }

  svg.addEventListener("click", (event) => {
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    cursor = [x, y];
    act("set", [x, y]);
  });
  svg.addEventListener("keydown", (event) => {
    const arrow = ARROWS[event.key];
    const way = { Enter: "set", " ": "set", Backspace: "undo", c: "close", Escape: "clear" }[event.key];
    if (!arrow && !way) return;
    event.preventDefault();
    if (arrow) cursor = cursor.map((value, axis) => value + arrow[axis] * (event.shiftKey ? FAR : STEP));
    if (way) act(way, [...cursor]);
    show();
  });
  for (const button of box.querySelectorAll("button[data-way]")) {
    button.addEventListener("click", () => act(button.dataset.way));
  }
  box.hidden = false;
  show();
}

// Degrees to the figure and back: equirectangular about the middle of the places, true enough for a city.
function project(places) {
  const [west, east] = ends(places.map(([longitude]) => longitude));
  const [south, north] = ends(places.map(([, latitude]) => latitude));
  const narrow = Math.cos(((south + north) / 2) * (Math.PI / 180));
  const scale = Math.min((WIDTH - 2 * MARGIN) / ((east - west) * narrow), (HEIGHT - 2 * MARGIN) / (north - south));
  const [middle, centre] = [(west + east) / 2, (south + north) / 2];
  return {
    toMap: ([longitude, latitude]) => [
      WIDTH / 2 + (longitude - middle) * narrow * scale,
      HEIGHT / 2 - (latitude - centre) * scale,
    ],
    toEarth: ([x, y]) => [round(middle + (x - WIDTH / 2) / (narrow * scale)), round(centre - (y - HEIGHT / 2) / scale)],
  };
}

function ends(values) {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const spare = Math.max(0, LEAST_DEGREES - (most - least)) / 2;
  return [least - spare, most + spare];
}

function round(degrees) {
  return Math.round(degrees * 1e6) / 1e6;
}

// The corners of a fence that is one ring; any other stays as it is until somebody draws anew.
function read(text) {
  try {
    const { type, coordinates } = JSON.parse(text);
    return type === "Polygon" && coordinates.length === 1 ? coordinates[0].slice(0, -1) : [];
  } catch {
    return [];
  }
}

// The outer ring runs against the clock and ends where it began.
function write(corners) {
  const area = corners.reduce((sum, [x, y], n) => {
    const [nextX, nextY] = corners[(n + 1) % corners.length];
    return sum + x * nextY - nextX * y;
  }, 0);
  const ring = area < 0 ? corners.toReversed() : corners;
  return JSON.stringify({ type: "Polygon", coordinates: [[...ring, ring[0]]] });
}

function at([x, y]) {
  return { cx: x, cy: y };
}

function add(parent, name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return parent.appendChild(made);
}
