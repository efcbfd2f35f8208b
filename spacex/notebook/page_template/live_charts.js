// Draws the charts of the page over their pictures, which remain where scripts are off.
(() => {
  const inflated = (id) => {
    const bytes = Uint8Array.from(atob(document.getElementById(id).text.trim()), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream);
  };
  const load = async () => {
    const vega = document.createElement("script");
    vega.type = "module";
    vega.integrity = document.getElementById("vega").dataset.integrity; // which a policy may demand
    const source = await inflated("vega").text();
    vega.src = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    await new Promise((resolve, reject) => {
      vega.onload = resolve;
      vega.onerror = reject;
      document.head.append(vega);
    });
    return inflated("charts").json();
  };
  let loaded = null;
  const draw = async (picture) => {
    loaded ??= load();
    const charts = await loaded;
    const chart = document.createElement("div");
    chart.className = "live-chart";
    chart.setAttribute("style", picture.getAttribute("style"));
    picture.after(chart);
    try {
      await vegaEmbed(chart, charts[picture.dataset.chart], {
        actions: false,
        ast: true, // interprets expressions; compiling them would need `unsafe-eval`
        renderer: "svg",
        tooltip: { theme: "page" },
      });
      picture.classList.add("still");
    } catch (error) {
      console.error(error);
      chart.remove();
    }
  };
  const seen = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (isIntersecting) {
          seen.unobserve(target);
          draw(target).catch((error) => console.error(error));
        }
      }
    },
    { rootMargin: "600px" },
  );
  // Paper shows what is folded, also where styles cannot open it.
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const part of opened) part.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const part of opened) part.open = false;
  });
  for (const picture of document.querySelectorAll("img[data-chart]")) seen.observe(picture);
})();
