// „Share“: the phone's own way of sharing where there is one, else the link is copied and shown.

for (const box of document.querySelectorAll("[data-share]")) {
  const field = box.querySelector("input");
  const said = box.querySelector("[role=status]");
  box.querySelector("summary").addEventListener("click", (event) => {
    if (!navigator.share) return;
    event.preventDefault();
    navigator.share({ title: box.dataset.share, url: field.value }).catch((refused) => {
      if (refused.name !== "AbortError") box.open = true; // the phone cannot: the link is there to be copied or mailed
    });
  });
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
