// What can be said of a file before anything is done with it: by its first bytes, whatever it is called.

const HEAD = 32;
const MOST_PIXELS = 50_000_000;
const MOST_BYTES = 12 * 1024 * 1024;
const STARTS = [[0xff, 0xd8, 0xff], [0x89, 0x50, 0x4e, 0x47]];

const text = (bytes, from, to) => String.fromCharCode(...bytes.subarray(from, to));

/** Why `file` is no photo for us: "empty", "format" or "pixels"; "" when it may be one. The server looks at every byte anyway. */
export async function unfit(file) {
  if (!file.size) return "empty";
  const head = await file.slice(0, HEAD).arrayBuffer().catch(() => null);
  if (!head) return "empty"; // gone from the phone since it was chosen, or never there
  const bytes = new Uint8Array(head);
  const known = STARTS.some((start) => start.every((byte, at) => bytes[at] === byte)) || text(bytes, 4, 8) === "ftyp" || (text(bytes, 0, 4) === "RIFF" && text(bytes, 8, 12) === "WEBP");
  if (!known) return "format";
  if (text(bytes, 1, 4) === "PNG" && bytes.length > 24) {
    const sides = new DataView(head);
    if (sides.getUint32(16) * sides.getUint32(20) > MOST_PIXELS) return "pixels";
  }
  return "";
}

/** Whether what is left after it was made small is still too large to be sent. */
export function tooLarge(blob) {
  return blob.size > MOST_BYTES;
}
