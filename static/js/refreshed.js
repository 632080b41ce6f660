// A part of a page that changes while one looks at it: [data-refreshed] with an id is read anew every 20 seconds while the page is seen.
// Without scripts, or without a connection, it is as new as the page.
const EVERY = 20_000;
const words = (part) => part.querySelector("ol")?.textContent ?? "";
const first = (part) => part.querySelector("li a")?.textContent;

async function refresh(id) {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(id);
  const part = document.getElementById(id);
  if (!fresh || !part || part.contains(document.activeElement) || words(fresh) === words(part)) return;
  const [was, now, say] = [first(part), first(fresh), part.querySelector("[data-refreshed-say]")];
  fresh.querySelector("[data-refreshed-say]")?.remove();
  for (const node of [...part.childNodes]) if (node !== say) node.remove();
  part.prepend(...fresh.childNodes); // the line that speaks stays the same node: a new one is not heard
  if (say && now && now !== was) say.textContent = `${say.dataset.words} ${now}`;
}

for (const { id } of document.querySelectorAll("[data-refreshed][id]")) {
  setInterval(() => document.hidden || refresh(id), EVERY);
}
