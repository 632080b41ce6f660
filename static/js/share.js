// „Share“: opening it copies the link; where the phone has a way of its own to share, a button leads to that.

for (const box of document.querySelectorAll("[data-share]")) {
  const field = box.querySelector("input");
  const said = box.querySelector("[role=status]");
  const system = box.querySelector("button");
  system.hidden = !navigator.share;
  system.addEventListener("click", () => navigator.share({ title: box.dataset.share, url: field.value }).catch(() => null)); // closed, or not able to: the link is there
  box.addEventListener("toggle", async () => {
    if (!box.open) return;
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      said.textContent = box.dataset.copied;
    } catch {
      said.textContent = "";
    }
  });
}
