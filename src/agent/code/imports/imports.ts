import { rememberByContent } from '../remember.ts';
import { scan } from '../scan.ts';

/** One place where a file names another. */
export interface ImportRecord {
  readonly specifier: string;
  /**
   * `import`: import, export from, require and what loads like them. `mock`: jest.mock and the like.
   * `path`: a path joined to __dirname. `mention`: a string that may name a file, as a test that starts a program has it.
   */
  readonly kind: 'import' | 'mock' | 'path' | 'mention';
  readonly line: number;
}

const CODE = /\.[cm]?[jt]sx?$|\.(?:vue|svelte|astro)$/i;
export const isCode = (path: string): boolean => CODE.test(path);

const LOADERS = new Set([
  'require',
  'import',
  'requireActual',
  'importActual',
  'proxyquire',
  'rewire',
  'createRequire',
]);
const MOCKS = new Set(['mock', 'doMock', 'unmock', 'dontMock', 'requireMock', 'importMock', 'module']);
const MOCKERS = new Set(['jest', 'vi', 'mock', 't', 'td']);
const FOLDERS = new Set(['__dirname', 'dirname']);
const MENTION = /^[\w@.~-]+(?:\/[\w@.~-]+)+\/?$|^[\w.-]+\.(?:[cm]?[jt]sx?|json)$/;

/** What a file of JavaScript or TypeScript names, in its order. */
export const importsIn: (text: string, path: string) => readonly ImportRecord[] = rememberByContent(readImports);

function readImports(text: string): readonly ImportRecord[] {
  const records: ImportRecord[] = [];
  // The tokens before the current one, the nearest first.
  let [one, two, three, four] = ['', '', '', ''];
  let line = 1;
  let counted = 0;
  let joined: string[] | null = null;
  scan(text, (kind, start, end) => {
    const token = kind === 'punctuator' ? (text[start] ?? '') : text.slice(start, Math.min(end, start + 300));
    const closed =
      kind === 'string' || (kind === 'template' && end - start > 1 && token.startsWith('`') && token.endsWith('`'));
    if (closed) {
      for (let at = text.indexOf('\n', counted); at !== -1 && at < start; at = text.indexOf('\n', at + 1)) line += 1;
      counted = start;
      const specifier = token.slice(1, -1);
      const found = kindOf(specifier, { one, two, three, four });
      if (joined !== null && (one === ',' || one === '+')) joined.push(specifier.replace(/^\//, ''));
      else if (found !== null) records.push({ specifier, kind: found, line });
    } else if (FOLDERS.has(token) && one !== ':') joined = [];
    else if (token === ')' && joined !== null) {
      if (joined.length > 0) records.push({ specifier: `./${joined.join('/')}`, kind: 'path', line });
      joined = null;
    } else if (joined !== null && token !== ',' && token !== '+') joined = null;
    [one, two, three, four] = [token, one, two, three];
  });
  return records;
}

interface Before {
  readonly one: string;
  readonly two: string;
  readonly three: string;
  readonly four: string;
}

function kindOf(specifier: string, { one, two, three, four }: Before): ImportRecord['kind'] | null {
  if (specifier === '' || /[\s\\$]/.test(specifier)) return null;
  if (one === 'from' || one === 'import') return 'import';
  if (one === '(' || one === '<') {
    if (LOADERS.has(two) && three !== 'function') return 'import';
    if (two === 'resolve' && three === '.' && (four === 'require' || four === 'meta')) return 'import';
    if (two === 'URL' && three === 'new' && /^\.{1,2}\//.test(specifier)) return 'import';
    if (MOCKS.has(two) && three === '.' && MOCKERS.has(four)) return 'mock';
  }
  return MENTION.test(specifier) || /^\.{1,2}\/?$|^\.{1,2}\//.test(specifier) ? 'mention' : null;
}
