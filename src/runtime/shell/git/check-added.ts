/** `git diff --check`: conflict marks and white space that lines bring in which were added. */
import { compareFile, type DiffOutput } from './diff-output.ts';

/** A message with the line for each fault. */
export async function checkAdded(output: DiffOutput): Promise<string[]> {
  const faults: string[] = [];
  for (const change of output.changes) {
    const { right, lines, binary } = await compareFile(output, change);
    if (binary) continue;
    for (const { right: start, rightEnd } of lines) {
      for (let at = start; at < rightEnd; at += 1) {
        const line = (right[at] ?? '').replace(/\n$/, '');
        const place = `${change.path}:${at + 1}: `;
        if (/^(<{7}|>{7}|={7}|\|{7})(\s|$)/.test(line)) faults.push(`${place}leftover conflict marker\n`);
        const reasons = reasonsOf(line);
        if (reasons.length > 0) faults.push(`${place}${reasons.join(', ')}.\n+${line}\n`);
      }
      const blank = trailingBlank(right);
      if (rightEnd === right.length && blank < right.length && blank >= start)
        faults.push(`${change.path}:${blank + 1}: new blank line at EOF.\n`);
    }
  }
  return faults;
}

function reasonsOf(line: string): string[] {
  const indent = /^[ \t]*/.exec(line)?.[0] ?? '';
  return [
    ...(/\s$/.test(line) ? ['trailing whitespace'] : []),
    ...(/ \t/.test(indent) ? ['space before tab in indent'] : []),
  ];
}

/** Where the empty lines at the end begin. */
function trailingBlank(lines: readonly string[]): number {
  let at = lines.length;
  while (at > 0 && (lines[at - 1] ?? '').trim() === '') at -= 1;
  return at;
}
