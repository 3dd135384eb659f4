/** Notices a model that writes the same again and again: small ones do, and do not stop by themselves. */
export interface Repetition {
  /** Whether the text so far ends in nothing but repetitions. */
  add(text: string): boolean;
}

/** Characters of repetitions that are no accident: tables and data repeat themselves, too. */
const LONG = 12_000;
const LONGEST_PERIOD = 600;
/** How often it is looked. */
const STRIDE = 4_000;

export function createRepetition(): Repetition {
  let tail = '';
  let unseen = 0;
  return {
    add: (text) => {
      tail = (tail + text).slice(-LONG);
      unseen += text.length;
      if (unseen < STRIDE || tail.length < LONG) return false;
      unseen = 0;
      return repeats(tail);
    },
  };
}

function repeats(text: string): boolean {
  const period = text.indexOf(text.slice(0, LONGEST_PERIOD), 1);
  return period > 0 && period <= LONGEST_PERIOD && text.endsWith(text.slice(0, text.length - period));
}
