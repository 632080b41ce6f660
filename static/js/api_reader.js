// The API's description, drawn by the library that the page has loaded; a session's token is fetched when an act needs it.
/* global SwaggerUIBundle */
const root = document.getElementById("api-reader");

async function withToken(request) {
  if (["GET", "HEAD", undefined].includes(request.method) || request.loadSpec) return request;
  const answer = await fetch(root.dataset.session, { headers: { Accept: "application/json" } });
  if (answer.ok) request.headers["X-CSRFToken"] = (await answer.json()).csrf;
  return request;
}

SwaggerUIBundle({
  url: root.dataset.schema,
  domNode: root,
  presets: [SwaggerUIBundle.presets.apis],
  deepLinking: false,
  requestInterceptor: withToken,
});
