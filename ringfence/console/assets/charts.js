// Draws every figure of a page from the Vega-Lite specification at its address, without eval and without inline style.
const ways = { ast: true, actions: false, defaultStyle: false, renderer: "svg", tooltip: { disableDefaultStyle: true } };

for (const place of document.querySelectorAll("[data-spec]")) {
  const answer = await fetch(place.dataset.spec, { headers: { Accept: "application/json" } });
  if (!answer.ok) continue;
  await window.vegaEmbed(place, await answer.json(), ways);
  // Of a layer with nothing in it Vega leaves a graphic without a name; nobody is to hear of it.
  for (const empty of place.querySelectorAll("[role=graphics-symbol]:empty")) empty.setAttribute("aria-hidden", "true");
  place.dataset.drawn = "yes";
}
document.documentElement.dataset.charts = "drawn";
