// Keys of the desk: J and K through the rows, Enter opens (it is a link), 1 to 9 the next steps of a case. Not while typing.

const rows = [...document.querySelectorAll("[data-desk] [data-row] a")];
const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

function step(by) {
  if (!rows.length) return;
  const now = rows.indexOf(document.activeElement);
  const next = now < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, now + by));
  rows[next].focus();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const key = event.key.toLowerCase();
  if (key === "j" || key === "й") step(1);
  else if (key === "k" || key === "к") step(-1);
  else document.querySelector(`[data-steps] [data-key="${CSS.escape(key)}"]`)?.click();
});
