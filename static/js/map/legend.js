// The legend is the filter: its entries are links of the server, followed here without leaving the page.

/** `params()` gives the query of now, `filter(next)` shows another. The links carry the whole filter; the view is added there. */
export function wireLegend(side, params, filter) {
  side.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-filter]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    filter(new URLSearchParams(new URL(link.href).search));
  });
  // On a phone the legend folds; the server's fragment does not know whether it is open.
  const tell = () => side.querySelector("[data-legend]")?.setAttribute("aria-expanded", String(side.classList.contains("legend-open")));
  side.addEventListener("click", (event) => {
    if (!event.target.closest("[data-legend]")) return;
    side.classList.toggle("legend-open");
    tell();
  });
  document.addEventListener("map:shown", tell);
  side.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-filter]");
    if (form) filter(merged(params(), new FormData(form)));
  });
  side.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-filter]")) return;
    event.preventDefault();
    filter(merged(params(), new FormData(event.target)));
  });
}

/** `params` with the entries of a form; empty ones go. */
export function merged(params, entries) {
  const next = new URLSearchParams(params);
  for (const [name, value] of entries) {
    if (value === "") next.delete(name);
    else next.set(name, value);
  }
  next.delete("cursor");
  return next;
}
