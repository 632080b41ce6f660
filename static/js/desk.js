// Keys of the desk: J and K through the rows, Enter opens (it is a link), 1 to 9 the next steps of a case, N a note, U back to
// the list, / the search field, ? all keys. Not while typing. The same keys work under the Bulgarian phonetic layout.

const rows = [...document.querySelectorAll("[data-desk] [data-row] a")];
const typing = (target) => target.closest("input, textarea, select, [contenteditable], dialog[open]");

function step(by) {
  if (!rows.length) return;
  const now = rows.indexOf(document.activeElement);
  const next = now < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, now + by));
  document.querySelector("[data-row].is-on")?.classList.remove("is-on");
  rows[next].closest("[data-row]").classList.add("is-on");
  rows[next].focus();
}

const follow = (selector) => document.querySelector(selector)?.click();

const acts = new Map([
  [["j", "й"], () => step(1)],
  [["k", "к"], () => step(-1)],
  [["n", "н"], () => follow("[data-note]")],
  [["u", "у"], () => follow("[data-up]")],
  [["/"], () => document.querySelector("[data-search]")?.focus()],
  [["?"], () => document.querySelector("[data-keys]")?.showModal?.()],
].flatMap(([keys, act]) => keys.map((key) => [key, act])));

// What a step, a refusal or a preview brought comes before one's eyes; on a phone the tab that is on, too.
(document.getElementById("errors") ?? document.querySelector("[role=alert][data-others]") ?? document.querySelector("[data-step]"))?.focus();
const tabs = document.querySelector(".tabs");
const on = tabs?.querySelector("[aria-current]");
if (on) tabs.scrollLeft += on.getBoundingClientRect().left - tabs.getBoundingClientRect().left - (tabs.clientWidth - on.offsetWidth) / 2;

// Who speaks to the machine, or rests a hand on the keys, turns them off; this browser remembers it.
const keysSwitch = document.querySelector("[data-keys-switch]");
const keys = keysSwitch?.querySelector("input");
if (keys) {
  keysSwitch.hidden = false;
  keys.checked = kept("keys") !== "off";
  keys.addEventListener("change", () => keep("keys", keys.checked ? "on" : "off"));
}

function kept(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function keep(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // it holds for this page only
  }
}

document.addEventListener("keydown", (event) => {
  if (keys && !keys.checked) return;
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const key = event.key.toLowerCase();
  const act = acts.get(key);
  if (act) {
    event.preventDefault();
    act();
  } else if (/^[1-9]$/.test(key)) {
    follow(`[data-steps] [data-key="${key}"]`);
  }
});
