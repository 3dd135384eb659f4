/** Other ways to write a command of a package manager, so that a rule for one holds for all. */
import { type Argument, knownValue } from './words.ts';

const SAME: Readonly<Record<string, string>> = {
  'run-script': 'run',
  rum: 'run',
  urn: 'run',
  t: 'test',
  tst: 'test',
  i: 'install',
  in: 'install',
  ins: 'install',
  inst: 'install',
  add: 'install',
  isntall: 'install',
  x: 'exec',
  un: 'uninstall',
  r: 'uninstall',
  rm: 'uninstall',
  remove: 'uninstall',
  up: 'update',
  upgrade: 'update',
};
const SCRIPTS = new Set(['test', 'start', 'stop', 'restart']);

/** "npm -s rum x" -> "npm run x"; "npm run test" -> "npm test", and the other way round; "yarn x" and "node --run x" -> "npm run x". */
export function npmSpellings(words: readonly Argument[]): readonly string[] {
  const [program, ...all] = words.map((word) => knownValue(word) ?? word.text);
  if (program === 'node' && all.includes('--run')) return [`npm run ${all.slice(all.indexOf('--run') + 1).join(' ')}`];
  if (program !== 'npm' && program !== 'yarn' && program !== 'pnpm' && program !== 'bun') return [];
  const end = all.indexOf('--');
  const own = (end < 0 ? all : all.slice(0, end)).filter((text) => !/^-/.test(text));
  const [sub = '', ...rest] = [...own, ...(end < 0 ? [] : all.slice(end + 1))];
  const name = SAME[sub] ?? sub;
  const plain = [`npm ${[name, ...rest].join(' ')}`];
  if (name === 'run' && SCRIPTS.has(rest[0] ?? '')) return [...plain, `npm ${rest.join(' ')}`];
  if (SCRIPTS.has(name)) return [...plain, `npm run ${[name, ...rest].join(' ')}`];
  return program === 'npm' ? plain : [...plain, `npm run ${[name, ...rest].join(' ')}`];
}
