/** Of what is left: outputs tell most at their end. */
const HEAD = 0.35;

/** Shortens text for a reader with little room: keeps its head and its tail and says how much is left out between them. */
export function elide(text: string, maximum: number, headShare = HEAD): string {
  if (text.length <= maximum) return text;
  const head = text.slice(0, Math.floor(maximum * headShare));
  const tail = text.slice(text.length - (maximum - head.length));
  const left = text.length - head.length - tail.length;
  const lines = text.slice(head.length, head.length + left).split('\n').length - 1;
  return `${head}\n[… ${left} characters (${lines} lines) left out …]\n${tail}`;
}
