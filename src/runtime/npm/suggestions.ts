/** "Did you mean this?" */
import { npmCommands } from './commands.ts';
import type { PackageFile } from './package-file.ts';

const OWN_COMMANDS = new Set(['stop', 'start', 'test', 'restart']);

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** Lines to put behind an error about `name`, or nothing. */
export function didYouMean(file: PackageFile | undefined, name: string): string {
  const close = (other: string) => distance(name, other) < name.length * 0.4;
  const bin = file?.content.bin;
  const best = [
    ...Object.entries(npmCommands)
      .filter(([command]) => close(command) && command !== name)
      .map(([command, description]) => `  npm ${command} # ${description}`),
    ...[...(file?.scripts.keys() ?? [])]
      .filter((script) => close(script) && !OWN_COMMANDS.has(script))
      .map((script) => `  npm run ${script} # run the "${script}" package script`),
    ...Object.keys(typeof bin === 'object' && bin !== null ? bin : {})
      .filter(close)
      .map(
        (command) => `  npm exec ${command} # run the "${command}" command from either this or a remote npm package`,
      ),
  ];
  if (best.length === 0) return '';
  return `\n\nDid you mean ${best.length === 1 ? 'this' : 'one of these'}?\n${best.slice(0, 3).join('\n')}`;
}
