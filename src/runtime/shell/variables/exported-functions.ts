/** Functions in the environment, as bash passes them to the shells it starts: `BASH_FUNC_name%%=() {  …; }`. */
import type { Shell, ShellFunction } from '../shell.ts';
import { parseScript } from '../syntax.ts';

const PREFIX = 'BASH_FUNC_';
const SUFFIX = '%%';

export function exportedFunction(name: string, { node, source }: ShellFunction): [string, string] {
  return [`${PREFIX}${name}${SUFFIX}`, `() ${source.slice(node.body.pos, node.body.end)}`];
}

export function importFunctions(shell: Shell, env: ReadonlyMap<string, string>): void {
  for (const [key, value] of env) {
    if (!key.startsWith(PREFIX) || !key.endsWith(SUFFIX)) continue;
    const name = key.slice(PREFIX.length, -SUFFIX.length);
    const source = `${name} ${value}`;
    const { script, failure } = parseScript(source);
    const node = script.commands[0]?.command;
    if (!failure && node?.type === 'Function') shell.functions.set(name, { node, source, exported: true });
  }
}
