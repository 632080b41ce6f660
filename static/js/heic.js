// What a HEIC or AVIF file says beside its picture (EXIF, XMP): where it stands in the bytes, so that it is read here and then blanked.
// Boxes after ISO/IEC 14496-12 (meta, iinf, iloc); items „Exif“ and „mime“ after ISO/IEC 23008-12.

const MOST_ITEMS = 4096;

const name = (view, at) => String.fromCharCode(...[0, 1, 2, 3].map((n) => view.getUint8(at + n)));

/**
 * [{type, at, length}] of the items „Exif“ and „mime“ in the bytes; `at` is -1 where their bytes are not told by offset and length (taken
 * from another item, or „to the end“). Throws RangeError where offsets lead out of the bytes.
 */
export function asides(view) {
  const meta = find(view, 0, view.byteLength, "meta");
  if (!meta) return [];
  const from = meta.from + 4; // version and flags
  const types = typesOf(view, find(view, from, meta.to, "iinf"));
  const data = find(view, from, meta.to, "idat");
  return locations(view, find(view, from, meta.to, "iloc"), data?.from ?? -1)
    .filter((each) => types.has(each.item))
    .map(({ item, at, length }) => ({ type: types.get(item), at, length }));
}

/** The first box of that name between two offsets: {from, to} of what it holds. */
function find(view, from, to, wanted) {
  for (let at = from; at + 8 <= to; ) {
    const short = view.getUint32(at);
    const head = short === 1 ? 16 : 8;
    const size = short === 1 ? Number(view.getBigUint64(at + 8)) : short || to - at;
    if (size < head) return null;
    if (name(view, at + 4) === wanted) return { from: at + head, to: Math.min(at + size, to) };
    at += size;
  }
  return null;
}

function typesOf(view, box) {
  const found = new Map();
  if (!box) return found;
  const wide = view.getUint8(box.from) > 0;
  for (let at = box.from + (wide ? 8 : 6); at + 8 <= box.to; at += view.getUint32(at)) {
    if (view.getUint32(at) < 8) break;
    const version = view.getUint8(at + 8);
    if (version < 2) continue; // older than HEIC
    const item = version === 2 ? view.getUint16(at + 12) : view.getUint32(at + 12);
    const type = name(view, at + (version === 2 ? 16 : 18));
    if (type === "Exif" || type === "mime") found.set(item, type);
  }
  return found;
}

function locations(view, box, data) {
  if (!box) return [];
  const version = view.getUint8(box.from);
  let at = box.from + 4;
  const sizes = view.getUint16(at);
  const [offset, length, base, index] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15, version ? sizes & 15 : 0];
  at += 2;
  const number = (bytes) => {
    const value = bytes === 8 ? Number(view.getBigUint64(at)) : bytes === 4 ? view.getUint32(at) : bytes === 2 ? view.getUint16(at) : 0;
    at += bytes;
    return value;
  };
  const found = [];
  const items = number(version < 2 ? 2 : 4);
  for (let n = 0; n < Math.min(items, MOST_ITEMS); n++) {
    const item = number(version < 2 ? 2 : 4);
    const method = version ? number(2) & 15 : 0; // 0: in the file, 1: in the box „idat“, 2: in another item
    const zero = [0, data][method] ?? -1;
    at += 2;
    const start = number(base);
    // Extents without a byte of their own are all the same one, however many are said to be.
    for (let extents = Math.min(number(2), index + offset + length ? Infinity : 1); extents > 0; extents--) {
      at += index;
      const from = start + number(offset);
      const long = number(length);
      found.push({ item, at: long && zero >= 0 ? zero + from : -1, length: long });
    }
  }
  return found;
}

/** Where the TIFF part of the EXIF begins in the bytes of a HEIC; -1 where there is none. */
export function tiffOf(view) {
  const exif = asides(view).find((each) => each.type === "Exif" && each.at >= 0);
  return exif ? exif.at + 4 + view.getUint32(exif.at) : -1;
}

/** The same file with everything beside its picture blanked; null where it is no such file, or not all of that can be told. */
export async function blanked(file) {
  const bytes = await file.arrayBuffer();
  const view = new DataView(bytes);
  if (name(view, 4) !== "ftyp") return null;
  const found = asides(view);
  if (found.some(({ at }) => at < 0)) return null;
  for (const { at, length } of found) new Uint8Array(bytes, at, length).fill(0);
  return new File([bytes], file.name, { type: file.type || "image/heic" });
}
