// Roads, rivers and buildings of the own ground, from one file of vector tiles that a phone keeps. Painted in the theme's own colours.
/* global L, protomapsL */

let painter = null;

/** Loads the library once; it is of use only where the ground has shapes. */
export function loadPainter(address) {
  painter ||= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = done;
    script.onerror = () => {
      painter = null;
      script.remove();
      failed(new Error("painter"));
    };
    document.head.append(script);
  });
  return painter;
}

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Lays the shapes under the names of `map`. `tiles`, `script`: addresses of the file and of the library. */
export async function drawShapes(map, tiles, script) {
  await loadPainter(script);
  const road = new protomapsL.LineSymbolizer({ color: token("--ground"), width: (zoom) => Math.max(1.5, (zoom - 8) * 0.9) });
  const casing = new protomapsL.LineSymbolizer({ color: token("--line-2"), width: (zoom) => Math.max(2.5, (zoom - 8) * 0.9 + 2) });
  const layer = protomapsL.leafletLayer({
    url: tiles,
    maxDataZoom: 14,
    pane: "groundPaper",
    attribution: "",
    backgroundColor: "transparent",
    labelRules: [],
    paintRules: [
      { dataLayer: "polygons", symbolizer: new protomapsL.PolygonSymbolizer({ fill: token("--line-2"), opacity: 0.35 }) },
      { dataLayer: "lines", symbolizer: casing },
      { dataLayer: "lines", symbolizer: road },
    ],
  });
  layer.addTo(map);
  return layer;
}
