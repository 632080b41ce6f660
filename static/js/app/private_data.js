// What in a text is somebody's own and better not read by everyone, told as the server tells it (reports/private_data.py): civil numbers
// by date and check digit, accounts by their remainder, plates by the letters that plates have, telephones, addresses of mail.

const PLATE = "АВЕКМНОРСТУХ";
const SAME = "ABEKMHOPCTYX";
const WEIGHTS = [2, 4, 8, 5, 10, 9, 7, 3, 6];

const KINDS = [
  [/[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}/g, () => true],
  [/\b[A-Za-z]{2}\d{2}(?: ?[A-Za-z0-9]){11,30}\b/g, isAccount],
  [/\d+/g, (words) => words.length === 10 && isCivil(words)],
  [/[\p{L}\d]{1,2}[ -]?\d{4}[ -]?[\p{L}]{2}/gu, isPlate],
  [/(?:\+|00)?\d(?:[ ()/.-]{0,2}\d){7,13}/g, isPhone],
];

/** The words as written, each once. */
export function privateData(text) {
  const found = [];
  let rest = text.slice(0, 20_000);
  for (const [pattern, right] of KINDS) {
    for (const [words] of [...rest.matchAll(pattern)]) {
      if (!right(words)) continue;
      if (!found.includes(words.trim())) found.push(words.trim());
      rest = rest.split(words).join(" ".repeat(words.length));
    }
  }
  return found;
}

function isCivil(digits) {
  const [year, month, day] = [0, 2, 4].map((at) => Number(digits.slice(at, at + 2)));
  const [century, real] = month > 40 ? [2000, month - 40] : month > 20 ? [1800, month - 20] : [1900, month];
  const date = new Date(Date.UTC(century + year, real - 1, day));
  if (date.getUTCMonth() !== real - 1 || date.getUTCDate() !== day) return false;
  const sum = WEIGHTS.reduce((all, weight, at) => all + weight * Number(digits[at]), 0);
  return (sum % 11) % 10 === Number(digits[9]);
}

function isAccount(words) {
  const bare = words.replace(/ /g, "").toUpperCase();
  if (bare.length < 15 || bare.length > 34) return false;
  let rest = 0;
  for (const sign of bare.slice(4) + bare.slice(0, 4)) for (const digit of String(parseInt(sign, 36))) rest = (rest * 10 + Number(digit)) % 97;
  return rest === 1;
}

function isPlate(words) {
  const letters = [...words.replace(/[\d -]/g, "")].map((letter) => (SAME.includes(letter) ? PLATE[SAME.indexOf(letter)] : letter));
  return letters.length >= 3 && letters.length <= 4 && letters.every((letter) => PLATE.includes(letter));
}

function isPhone(words) {
  const digits = words.replace(/\D/g, "");
  const bare = words.replace(/[^\d+]/g, "");
  return digits.length >= 9 && digits.length <= 15 && (/^(?:(?:\+|00)359|0[2-9])/.test(bare) || bare.startsWith("+"));
}
