// Draws every figure of a page from its Vega-Lite specification, which stands in the page or at an address of its own;
// without eval and without inline style.
const ways = { ast: true, actions: false, defaultStyle: false, renderer: "svg", tooltip: { disableDefaultStyle: true } };

const places = [...document.querySelectorAll("[data-spec]")];
const given = places.map((place) => read(place.dataset.spec)); // all are asked for at once, and drawn in turn
for (const [at, place] of places.entries()) {
  const specification = await given[at];
  if (!specification) continue;
  await window.vegaEmbed(place, specification, ways);
  // Of a layer with nothing in it Vega leaves a graphic without a name; nobody is to hear of it.
  for (const empty of place.querySelectorAll("[role=graphics-symbol]:empty")) empty.setAttribute("aria-hidden", "true");
  place.dataset.drawn = "yes";
}
document.documentElement.dataset.charts = "drawn";

async function read(given) {
  if (given.startsWith("{")) return JSON.parse(given);
  const answer = await fetch(given, { headers: { Accept: "application/json" } });
  return answer.ok ? answer.json() : null;
}
