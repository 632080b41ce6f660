// A part of a page that changes while one looks at it: [data-refreshed] with an id is read anew every 20 seconds while the page is seen.
// It may wait hidden until there is something in it; once the page has no such part any more, it is gone here too.
// Without scripts, or without a connection, it is as new as the page.
const EVERY = 20_000;
const HEARD_AFTER = 200; // ms: a line that speaks is heard only if it was there, unhidden, before it changes
const words = (part) => part.querySelector("ol")?.textContent ?? "";
const first = (part) => part.querySelector("li a")?.textContent;

async function refresh(id, timer) {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  const part = document.getElementById(id);
  if (!answer?.ok || answer.redirected || !part) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(id);
  if (part.contains(document.activeElement)) return;
  if (!fresh) {
    clearInterval(timer);
    part.remove();
    return;
  }
  part.hidden = fresh.hidden;
  if (words(fresh) === words(part)) return;
  const [was, now, say] = [first(part), first(fresh), part.querySelector("[data-refreshed-say]")];
  fresh.querySelector("[data-refreshed-say]")?.remove();
  for (const node of [...part.childNodes]) if (node !== say) node.remove();
  part.prepend(...fresh.childNodes); // the line that speaks stays the same node: a new one is not heard
  if (say && now && now !== was) setTimeout(() => (say.textContent = `${say.dataset.words} ${now}`), HEARD_AFTER);
}

for (const { id } of document.querySelectorAll("[data-refreshed][id]")) {
  const timer = setInterval(() => document.hidden || refresh(id, timer), EVERY);
}
