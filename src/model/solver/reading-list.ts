import type { Knowledge } from './conversation.ts';
import { readFrames } from './report.ts';

interface ReadArguments {
  readonly path: string;
  readonly from?: number;
}

const CODE = /\.[cm]?[jt]sx?$/;
const MOST = 40;

/** What to read next: the rest of long files, failing tests' files first, then what the files read so far import, at last any other code. */
export function filesToRead(known: Knowledge): ReadArguments[] {
  const { paths, texts, unreadFrom, unreadable, firstReport } = known;
  if (paths === null || firstReport === null || known.trials > 0) return [];
  const rest = [...unreadFrom].filter(([, from]) => from <= 3000).map(([path, from]) => ({ path, from }));
  if (rest.length > 0) return rest;
  const code = [...paths.keys()].filter((path) => CODE.test(path) && !path.includes('node_modules/'));
  const isNew = (path: string) => !texts.has(path) && !unreadable.has(path);
  const room = MOST - texts.size - unreadable.size;
  if (texts.size === 0) {
    const told = JSON.stringify(firstReport.failures) + firstReport.output;
    const named = readFrames(told).map(({ file }) => file);
    const tests = code.filter((path) => paths.get(path) === false);
    const traced = code.filter(
      (path) => named.some((file) => file === path || file.endsWith(`/${path}`)) || told.includes(path),
    );
    const wanted = [...new Set([...tests.filter((path) => traced.includes(path)), ...traced, ...tests])];
    if (wanted.length > 0) return wanted.slice(0, room).map((path) => ({ path }));
  }
  const imported = [...texts].flatMap(([path, text]) => importsOf(path, text, code)).filter(isNew);
  const next = imported.length > 0 ? imported : code.filter(isNew);
  return [...new Set(next)].slice(0, Math.max(0, room)).map((path) => ({ path }));
}

/** Project files that a file imports by a relative path, or by a path that ends like theirs. */
function importsOf(path: string, text: string, code: readonly string[]): string[] {
  const folder = path.split('/').slice(0, -1);
  const specifiers = [...text.matchAll(/(?:from|require\(|import\(|import)\s*['"](\.[^'"]*)['"]/g)];
  return specifiers.flatMap(([, specifier = '']) => {
    const parts = [...folder];
    for (const part of specifier.split('/')) {
      if (part === '..') parts.pop();
      else if (part !== '.' && part !== '') parts.push(part);
    }
    const target = parts.join('/');
    const prefix = target === '' ? '' : `${target}/`;
    return code.filter(
      (file) => file === target || file.replace(CODE, '') === target || file.replace(CODE, '') === `${prefix}index`,
    );
  });
}
