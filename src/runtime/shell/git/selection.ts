/** Which files paths on a command line mean. */
import { patternToRegExp } from '../expansion/pattern.ts';
import type { Repository } from './repository.ts';

/** Whether a path of the repository is meant by one of the given ones: a file, a folder, a pattern; none means all. */
export function pathFilter(repository: Repository, cwd: string, paths: readonly string[]): (path: string) => boolean {
  if (paths.length === 0) return () => true;
  const tests = paths.map((path) => (EXCLUDE.test(path) ? () => false : pathTest(repository, cwd, path)));
  const excluded = paths
    .filter((path) => EXCLUDE.test(path))
    .map((path) => pathTest(repository, cwd, path.replace(EXCLUDE, '')));
  const wanted = tests.filter((_, index) => !EXCLUDE.test(paths[index] ?? ''));
  return (path) => (wanted.length === 0 || wanted.some((test) => test(path))) && !excluded.some((test) => test(path));
}

const EXCLUDE = /^:(?:[!^]|\(exclude\))/;

export function pathTest(repository: Repository, cwd: string, given: string): (path: string) => boolean {
  const top = /^:(?:\/|\(top\))(.*)$/.exec(given)?.[1];
  const plain = given.replace(/^:\((?:glob|icase|literal)\)/, '');
  const relative = top === undefined ? repository.relative(plain, cwd) : top;
  if (relative === '') return () => true;
  if (!/[*?[]/.test(relative)) return (path) => path === relative || path.startsWith(`${relative}/`);
  const pattern = patternToRegExp(relative);
  return (path) => pattern.test(path);
}
