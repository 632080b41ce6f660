// A place in words for those who hear it: what stands beside it, whose land it is, and how far a sign went since it was last said.
import { distance } from "./map/create.js";
import { homeTown, nearestNamed } from "./map/ground.js";

const NAMED = 400; // metres within which a landmark names a place
const BESIDE = 15; // so near one is at it: „на 0 м от“ says nothing
const DEGREE = 111195; // metres

/** „до читалището, гр. Левка“, „на 30 м от читалището, гр. Левка“, „в гр. Левка“: the nearest landmark of `ground`, and whose land it is;
 *  where a `street` is known, „до ул. Роза, гр. Левка“. */
export function placeInWords(ground, lon, lat, words, street = "") {
  const town = homeTown(ground, lon, lat);
  const mark = nearestNamed(ground.landmarks, lon, lat, NAMED);
  const by = street ? words.beside.replace("{name}", street) : mark && (mark.metres < BESIDE ? words.beside : words.by.replace("{distance}", distance(Math.round(mark.metres / 10) * 10, words))).replace("{name}", mark.name);
  return [by, town && (by ? town.name : words.in.replace("{town}", town.name))].filter(Boolean).join(", ");
}

/** „20 м на север“: from one [lon, lat] to another; `words.ways`: the eight directions from the north clockwise. Nothing below a metre. */
export function wayInWords(from, to, words) {
  const east = (to[0] - from[0]) * DEGREE * Math.cos((to[1] * Math.PI) / 180);
  const north = (to[1] - from[1]) * DEGREE;
  const metres = Math.hypot(east, north);
  if (metres < 1) return "";
  const eighth = Math.round(Math.atan2(east, north) / (Math.PI / 4));
  return `${distance(metres, words)} ${words.ways[(eighth + 8) % 8]}`;
}
