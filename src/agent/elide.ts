/** Shortens text for a reader with little room: keeps its head and its tail and says how much is left out between them. */
export function elide(text: string, maximum: number): string {
  if (text.length <= maximum) return text;
  const head = text.slice(0, Math.floor(maximum * 0.35));
  const tail = text.slice(text.length - Math.ceil(maximum * 0.65));
  const left = text.length - head.length - tail.length;
  const lines = text.slice(head.length, head.length + left).split('\n').length - 1;
  return `${head}\n[… ${left} characters (${lines} lines) left out …]\n${tail}`;
}
