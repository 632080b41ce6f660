// The table and what stands beside it as text in the clipboard: tabs between cells, so that a spreadsheet takes it.

/** Wires the button that copies; the outcome is said aloud. */
export function wireCopy(words) {
  const button = document.querySelector("[data-copy]");
  button?.addEventListener("click", async () => {
    const told = document.querySelector("[data-copied]");
    told.textContent = "";
    try {
      await navigator.clipboard.writeText(text());
      told.textContent = words.copied;
    } catch {
      told.textContent = words.not_copied;
    }
  });
}

/** Heads, rows, an empty line, then label and value of each fact, the caveats and the address. */
export function text() {
  const lines = [...document.querySelectorAll("[data-table] tr")].map((row) =>
    [...row.children].filter((cell) => !cell.classList.contains("live-only")).map(words_of).join("\t"),
  );
  const facts = [...document.querySelectorAll(".plan-facts > div")].map((pair) => [...pair.children].map(words_of).join("\t"));
  const caveats = [...document.querySelectorAll(".plan-caveats li")].map(words_of);
  const title = words_of(document.querySelector(".plan-head h1"));
  return [title, "", ...lines, "", ...facts, ...caveats, window.location.href.split("#")[0]].join("\n");
}

function words_of(node) {
  return node.textContent.replaceAll(/\s+/g, " ").trim();
}
