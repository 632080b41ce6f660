// Words of an emergency, told as the server tells them (reports/alarms.py): it makes the patterns, here they are read alike.

/** `spoken(text)`: whether the text speaks of an emergency. `told`: {near, endings, alarms}. */
export function reader(told) {
  const known = new Map();
  const pattern = (source) => {
    if (!known.has(source)) known.set(source, new RegExp(`^(?:${source.replace(/<\w+>/g, (mark) => told.endings[mark])})$`, "u"));
    return known.get(source);
  };
  const alarms = told.alarms.map(({ words: [first, ...others], apart, before }) => ({
    first: pattern(first), others: others.map(pattern), apart: apart.map(pattern), before: before.map(pattern),
  }));
  return (text) => {
    const written = (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) || []);
    return alarms.some((alarm) => written.some((word, at) => {
      if (!alarm.first.test(word) || (at && alarm.before.some((one) => one.test(written[at - 1])))) return false;
      const near = written.slice(Math.max(0, at - told.near), at + told.near + 1);
      const stands = (one) => near.some((other) => one.test(other));
      return !alarm.apart.some(stands) && alarm.others.every(stands);
    }));
  };
}
