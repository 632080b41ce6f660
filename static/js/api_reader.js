// The API's description, drawn by the library that the page has loaded; a session's token is fetched when an act needs it.
/* global SwaggerUIBundle */
const root = document.getElementById("api-reader");

async function withToken(request) {
  if (["GET", "HEAD", undefined].includes(request.method) || request.loadSpec) return request;
  const answer = await fetch(root.dataset.session, { headers: { Accept: "application/json" } });
  if (answer.ok) request.headers["X-CSRFToken"] = (await answer.json()).csrf;
  return request;
}

// The library speaks English only: its labels are said anew whenever it has drawn some. Data and code stay as they are.
const words = JSON.parse(document.getElementById("reader-words").textContent);
const AS_IT_IS = "pre, code, textarea, .opblock-summary-path, .opblock-tag, .model-title";

function sayLabel(node) {
  const english = node.nodeValue.trim();
  const ours = Object.hasOwn(words, english) ? words[english] : english;
  if (ours !== english && !node.parentElement?.closest(AS_IT_IS)) node.nodeValue = node.nodeValue.replace(english, ours);
}

function sayAnew(part) {
  const labels = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  while (labels.nextNode()) sayLabel(labels.currentNode);
  for (const element of part.querySelectorAll("[aria-label], [title]")) {
    for (const name of ["aria-label", "title"]) {
      const ours = words[element.getAttribute(name)];
      if (ours && ours !== element.getAttribute(name)) element.setAttribute(name, ours);
    }
  }
}

if (document.documentElement.lang !== "en") {
  new MutationObserver(() => sayAnew(root)).observe(root, { childList: true, subtree: true, characterData: true });
}

// Inside our page the library's `main` would be a second one, and its title a second first heading: it makes others instead.
const OURS = new Map([["main", "div"], ["h1", "h2"]]);

function oneMain({ React }) {
  const make = React.createElement;
  React.createElement = (type, ...rest) => make(OURS.get(type) ?? type, ...rest);
  return {};
}

SwaggerUIBundle({
  url: root.dataset.schema,
  domNode: root,
  presets: [SwaggerUIBundle.presets.apis],
  plugins: [oneMain],
  deepLinking: false,
  requestInterceptor: withToken,
});
