/** Of two long values that are shown in part, where they differ is what matters, and is in the middle mostly. */

const LONG = 200;
const AROUND = 40;
const LABEL = /^(?:([+-])(?=\s|['"`\w])\s?|(expected|actual|received)\s*:)\s*/i;

type Side = 'expected' | 'actual';

/** The first pair of an expected and an actual value on one line each: a sentence that shows where they part; null where there is none. */
export function describeLongDifference(message: string): string | null {
  const found = new Map<Side, string>();
  let above: Side | null = null;
  // Mocha's signs are the other way round.
  const plus: Side = /\+ ?expected\s+- ?actual/.test(message) ? 'expected' : 'actual';
  for (const written of message.split('\n')) {
    const line = written.trim();
    const label = LABEL.exec(line);
    const side: Side | null = label ? sideOf(label[1] ?? label[2] ?? '', plus) : above;
    const value = label ? line.slice(label[0].length) : line;
    if (side !== null && value.length > LONG && !found.has(side)) found.set(side, value);
    // "expected: |-", and the value on the next line.
    above = label && value.length < 5 ? side : null;
  }
  const [expected, actual] = [found.get('expected'), found.get('actual')];
  if (expected === undefined || actual === undefined || expected === actual) return null;
  let at = 0;
  while (at < expected.length && expected[at] === actual[at]) at += 1;
  const part = (text: string) =>
    `${at > AROUND ? '…' : ''}${text.slice(Math.max(0, at - AROUND), at + AROUND)}${at + AROUND < text.length ? '…' : ''}`;
  return `(The long values part at character ${at + 1}: expected ${part(expected)} and got ${part(actual)})`;
}

function sideOf(label: string, plus: Side): Side {
  if (label === '+') return plus;
  if (label === '-') return plus === 'actual' ? 'expected' : 'actual';
  return /^expected$/i.test(label) ? 'expected' : 'actual';
}
