// Where a photo was taken, from the GPS part of its EXIF (JPEG, HEIC). Read here and nowhere else: what is sent is drawn anew without
// it, or blanked (HEIC that the browser cannot draw), and the server strips whatever came as it was.
import { tiffOf } from "./heic.js";

const HEAD = 262144; // EXIF stands at the beginning; of a HEIC anywhere
const GPS = 0x8825;
const RATIONAL = 8;

/** {lon, lat} in degrees of WGS84, or null where the file says nothing. */
export async function placeOf(file) {
  try {
    const whole = /^image\/(heic|heif|avif)$/.test(file.type) || /\.(heic|heif|avif)$/i.test(file.name);
    return parse(new DataView(await (whole ? file : file.slice(0, HEAD)).arrayBuffer()));
  } catch {
    return null; // cut short or made up: then it says nothing
  }
}

/** The place in the bytes of a JPEG or HEIC. Throws RangeError where offsets lead out of them. */
export function parse(view) {
  if (view.getUint32(4) === 0x66747970) {
    const at = tiffOf(view);
    return at < 0 ? null : ofTiff(view, at);
  }
  if (view.getUint16(0) !== 0xffd8) return null;
  for (let at = 2; at + 4 < view.byteLength; ) {
    const marker = view.getUint16(at);
    if ((marker & 0xff00) !== 0xff00 || marker === 0xffda) return null;
    if (marker === 0xffe1 && view.getUint32(at + 4) === 0x45786966) return ofTiff(view, at + 10);
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}

function ofTiff(view, start) {
  const little = view.getUint16(start) === 0x4949;
  const tags = entries(view, start, start + view.getUint32(start + 4, little), little);
  const pointer = tags.get(GPS);
  if (pointer === undefined) return null;
  const gps = entries(view, start, start + view.getUint32(pointer + 8, little), little);
  const lat = degrees(view, start, gps.get(2), gps.get(1), "S", little);
  const lon = degrees(view, start, gps.get(4), gps.get(3), "W", little);
  const right = Number.isFinite(lat) && Number.isFinite(lon) && Math.abs(lat) <= 90 && Math.abs(lon) <= 180 && (lat || lon);
  return right ? { lon, lat } : null;
}

/** Tag → where its entry stands. */
function entries(view, start, at, little) {
  const found = new Map();
  for (let n = view.getUint16(at, little), i = 0; i < n; i++) found.set(view.getUint16(at + 2 + 12 * i, little), at + 2 + 12 * i);
  return found;
}

function degrees(view, start, entry, sign, negative, little) {
  if (entry === undefined) return NaN;
  const at = start + view.getUint32(entry + 8, little);
  const part = (n) => view.getUint32(at + RATIONAL * n, little) / view.getUint32(at + RATIONAL * n + 4, little);
  const value = part(0) + part(1) / 60 + part(2) / 3600;
  return sign !== undefined && String.fromCharCode(view.getUint8(sign + 8)) === negative ? -value : value;
}
