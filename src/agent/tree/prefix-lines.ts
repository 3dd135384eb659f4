/** Passes on whole lines, each with the prefix: outputs that come at the same time can be told apart. */
export function prefixLines(prefix: string, onOutput: (text: string) => void): (text: string) => void {
  let rest = '';
  return (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    if (lines.length > 0) onOutput(lines.map((line) => `${prefix}${line}\n`).join(''));
  };
}
