/** A line for a reader with little room: its head, and how much there is more. `around` is a place that must be seen. */
export function shortenLine(line: string, width: number, around = 0): string {
  if (line.length <= width) return line;
  const start = around < width * 0.8 ? 0 : Math.min(around - Math.floor(width / 3), line.length - width);
  const end = start + width;
  const left = line.length - end;
  return `${start > 0 ? `[${start} characters] …` : ''}${line.slice(start, end)}${left > 0 ? `… [${left} characters more]` : ''}`;
}
