// Runs before the page is drawn: says that the map can live here, so that nothing jumps when it comes.
if ("noModule" in HTMLScriptElement.prototype && "replaceChildren" in Element.prototype) {
  document.documentElement.classList.add("plan-live");
}
