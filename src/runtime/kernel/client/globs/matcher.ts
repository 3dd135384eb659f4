/** The globs of an export. */
import picomatch from 'picomatch';
import { linearPattern } from './linear-pattern.ts';

/** Whether one of them names a path. TypeError for what is no glob, and for one that needs what {@link linearPattern} lacks. */
export function globMatcher(globs: readonly string[]): (path: string) => boolean {
  const matchers = [globs].flat().map(matcherOf);
  return (path) => matchers.some((matches) => matches(path));
}

function matcherOf(glob: string): (path: string) => boolean {
  const { source } = picomatch.makeRe(glob, { dot: true });
  try {
    const matches = linearPattern(source);
    return (path) => path === glob || matches(path);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const message = `The glob '${glob}' ${error.message}`;
    throw Object.assign(new TypeError(message, { cause: error }), { code: 'ERR_INVALID_ARG_VALUE' });
  }
}
