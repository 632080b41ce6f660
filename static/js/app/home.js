// The page that stands for all others without a connection: the outbox, my reports as they stood, and back when the line is there.
import "./outbox.js";

const { outbox } = globalThis;
const root = document.getElementById("mine");
const note = document.getElementById("offline-note");

function line() {
  note.hidden = navigator.onLine;
}

async function mine() {
  const kept = await outbox.fact("mine").catch(() => null);
  if (!kept) return;
  const words = JSON.parse(document.getElementById("outbox-words").textContent);
  const list = root.querySelector("ul");
  for (const report of kept.reports) {
    const link = document.createElement("a");
    link.className = "row slim";
    link.href = report.url;
    const title = document.createElement("span");
    title.className = "t";
    title.textContent = report.title;
    const facts = document.createElement("span");
    facts.className = "p";
    facts.textContent = [report.place, report.status].filter(Boolean).join(" · ");
    const text = document.createElement("span");
    text.className = "x";
    text.append(title, facts);
    link.append(text);
    const item = document.createElement("li");
    item.append(link);
    list.append(item);
  }
  root.querySelector("[data-as-of]").textContent = words.mine_of.replace("{time}", new Date(kept.at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" }));
  root.hidden = false;
}

window.addEventListener("online", line);
window.addEventListener("offline", line);
line();
mine();
