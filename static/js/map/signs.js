// The signs on the map, drawn as nodes: colour = sector, outline = kind, mark = state; clusters wear a ring of their sectors.
import { svg } from "./create.js";

const KINDS = {
  problem: { box: "-22 -52 44 54", icon: [-9.5, -37.5, 19], mark: [13, -41], halo: [-28, 27] },
  idea: { box: "-22 -48 44 54", icon: [-8.5, -29.2, 17], mark: [12, -34], halo: [-20.5, 27] },
  event: { box: "-22 -46 44 54", icon: [-8.5, -26.5, 17], mark: [15, -32], halo: [-18, 27] },
  project: { box: "-22 -46 44 54", icon: [-8.5, -26.5, 17], mark: [15, -32], halo: [-18, 27] },
};

/** The sign of one report or project as an svg node; `icon` of its sector is drawing and colour. */
export function sign(sprite, kind, icon, mark) {
  const known = KINDS[kind] ? kind : "event"; // what has no outline of its own is something that people take part in
  const form = KINDS[known];
  const [x, y, size] = form.icon;
  const [mx, my] = form.mark;
  const use = (id, attributes = {}) => svg("use", { href: `${sprite}#${id}`, ...attributes });
  return svg(
    "svg",
    { class: `pin s-${icon}${mark === "done" ? " is-done" : ""}`, viewBox: form.box, "aria-hidden": "true" },
    svg("circle", { class: "halo", cx: 0, cy: form.halo[0], r: form.halo[1] }),
    use(`k-${known}`, { class: "o" }),
    svg("svg", { class: "i", x, y, width: size, height: size }, use(`s-${icon}`)),
    svg("circle", { class: "mb", cx: mx, cy: my, r: 9.5 }),
    svg("svg", { class: "m", x: mx - 8, y: my - 8, width: 16, height: 16 }, use(`m-${mark}`)),
  );
}

/** Diameter of a cluster in pixels: four sizes. */
export function clusterSize(count) {
  return count < 10 ? 46 : count < 100 ? 54 : count < 1000 ? 62 : 70;
}

/** A cluster: disc with the number, ring whose arcs are the sectors ([[icon, count], …]). */
export function cluster(count, sectors) {
  const size = clusterSize(count);
  const half = size / 2;
  const ring = half - 4;
  const node = svg(
    "svg",
    { viewBox: `${-half} ${-half} ${size} ${size}`, "aria-hidden": "true" },
    svg("circle", { class: "b", r: half }),
    svg("circle", { class: "c", r: half - 8 }),
  );
  const total = sectors.reduce((sum, [, n]) => sum + n, 0) || 1;
  if (sectors.length === 1) {
    node.append(svg("circle", { class: `a s-${sectors[0][0]}`, r: ring }));
  } else {
    let from = 0;
    const gap = 0.06;
    for (const [icon, n] of sectors) {
      const to = from + (n / total) * 2 * Math.PI;
      node.append(svg("path", { class: `a s-${icon}`, d: arc(ring, from + gap, Math.max(to - gap, from + gap + 0.02)) }));
      from = to;
    }
  }
  const words = count > 999 ? `${Math.floor(count / 1000)}k` : String(count);
  const text = svg("text", { y: 5, "font-size": 15 });
  text.textContent = words;
  node.append(text);
  return node;
}

function arc(radius, from, to) {
  const at = (angle) => `${(radius * Math.sin(angle)).toFixed(2)} ${(-radius * Math.cos(angle)).toFixed(2)}`;
  return `M${at(from)}A${radius} ${radius} 0 ${to - from > Math.PI ? 1 : 0} 1 ${at(to)}`;
}
