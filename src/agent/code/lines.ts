/** Where in a text something stands, by lines. */
export interface Lines {
  /** Line of an offset, from 1. */
  lineAt(offset: number): number;
  /** Text of a line, from 1, without its line break. */
  text(line: number): string;
  readonly count: number;
}

export function linesIn(source: string): Lines {
  const starts = [0];
  for (let at = source.indexOf('\n'); at !== -1; at = source.indexOf('\n', at + 1)) starts.push(at + 1);
  return {
    count: source.endsWith('\n') ? starts.length - 1 : starts.length,
    lineAt: (offset) => {
      let low = 0;
      let high = starts.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((starts[middle] ?? 0) <= offset) low = middle + 1;
        else high = middle;
      }
      return low;
    },
    text: (line) => {
      const start = starts[line - 1] ?? source.length;
      const end = starts[line] ?? source.length + 1;
      return source.slice(start, end - 1).replace(/\r$/, '');
    },
  };
}
