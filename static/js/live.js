// Runs before the page is drawn: says that the map can live here, so that the list needs not be drawn twice.
if ("noModule" in HTMLScriptElement.prototype && "replaceChildren" in Element.prototype) {
  document.documentElement.classList.add("live");
}
