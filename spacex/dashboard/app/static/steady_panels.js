// Keeps each panel as high as it was, so that nothing below it moves when it gets less content. A panel
// with nothing below may shrink, and so may one that is folded or gets another width.

const widths = new WeakMap(); // panel → the width at which it has its height

function isFollowed(panel) {
  for (let next = panel.nextElementSibling; next; next = next.nextElementSibling) {
    if (next.offsetHeight) return true;
  }
  return false;
}

function forget(panel) {
  widths.delete(panel);
  panel.style.minHeight = "";
}

// The height is set before the content changes: afterwards, it would have moved already.
const resized = new ResizeObserver((entries) => {
  for (const { target: panel } of entries) {
    const { offsetWidth: width, offsetHeight: height } = panel;
    if (!height) continue; // absent, or on another page
    if (widths.has(panel) && widths.get(panel) !== width) forget(panel);
    widths.set(panel, width);
    if (isFollowed(panel)) panel.style.minHeight = `${panel.offsetHeight}px`;
  }
});

// A widget gets its class after its place.
const page = document.getElementById("rendered_cells");
const added = new MutationObserver(() => {
  for (const panel of page.querySelectorAll(".panel")) resized.observe(panel); // once each
});
added.observe(page, { childList: true, subtree: true });

addEventListener("toggle", ({ target }) => target.closest?.(".panel") && forget(target.closest(".panel")), true);
