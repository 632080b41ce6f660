// Watches a long analysis: asks for its state, moves the bar, and opens the page anew when it has ended.
const box = document.querySelector("[data-run]");
const bar = box?.querySelector("progress");
const said = box?.querySelector("[data-words]");

async function look() {
  try {
    const answer = await fetch(box.dataset.run, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const { state, done, of, words } = await answer.json();
    if (state === "done" || state === "failed") {
      window.location.reload();
      return;
    }
    bar.max = of || 1;
    bar.value = done;
    if (said.textContent.trim() !== words) said.textContent = words;
  } catch {
    // The server is away for a moment: the next look tells.
  }
  setTimeout(look, Number(box.dataset.seconds) * 1000);
}

if (box) setTimeout(look, 1500);
