/** Finding and reading package.json as npm does. */
import { errorCode } from '../shell/errors.ts';
import { directoryName, joinPath, resolvePath } from '../shell/paths.ts';
import type { UtilityContext } from '../shell/utility.ts';

export interface PackageFile {
  folder: string;
  path: string;
  name: string | undefined;
  version: string | undefined;
  scripts: Map<string, string>;
  content: Record<string, unknown>;
  /** As it stands in the file, for what is written back. */
  text: string;
}

interface NpmErrorOptions {
  status?: number;
  summary?: string;
  detail?: string;
  told?: boolean;
}

/** An error that npm prints as `npm error` lines before it exits. */
export class NpmError extends Error {
  override name = 'NpmError';
  readonly status: number;
  /** What `--json` prints of it; null where a command has told it already. */
  readonly report: { error: { code?: string; summary: string; detail: string } } | null;
  constructor(message: string, { status = 1, summary, detail = '', told = false }: NpmErrorOptions = {}) {
    super(message);
    this.status = status;
    const [, code, rest = message] = /^code (\w+)\n+([\s\S]*)$/.exec(message) ?? [];
    this.report = told ? null : { error: { ...(code ? { code } : {}), summary: summary ?? rest, detail } };
  }
}

/** The command was called wrongly; `purpose` is what npm's help says of it. */
export const usage = (problem: string, purpose: string): NpmError =>
  new NpmError(['code EUSAGE', '', ...(problem === '' ? [] : [problem, '']), purpose].join('\n'));

/** The nearest folder with a package.json or node_modules, upwards; else the working directory. */
export function findProject(context: UtilityContext): string {
  for (let folder = context.cwd; ; folder = directoryName(folder)) {
    const has = (name: string) => context.sys.call('statOrNull', joinPath(folder, name), true) !== null;
    if (has('package.json') || has('node_modules')) return folder;
    if (folder === '/') return context.cwd;
  }
}

/** `name@version`, or undefined when one is missing. */
export function packageId(file: PackageFile): string | undefined {
  return file.name !== undefined && file.version !== undefined ? `${file.name}@${file.version}` : undefined;
}

/** The programs of a package, with their files; one alone has the name of the package, less its scope. */
export function programsOf({ name, content: { bin } }: PackageFile): Map<string, string> {
  const given = typeof bin === 'string' ? { [name ?? '']: bin } : isRecord(bin) ? bin : {};
  const found = new Map<string, string>();
  for (const [program, file] of Object.entries(given)) {
    const plain = program.replace(/^.*[/\\:]/, '');
    // A path is one below the package, however it is written.
    if (plain !== '' && typeof file === 'string' && file !== '') found.set(plain, resolvePath('/', file).slice(1));
  }
  return found;
}

/** Throws {@link NpmError} as npm words it. */
export function readPackage(context: UtilityContext, folder: string): PackageFile {
  const path = joinPath(folder, 'package.json');
  const source = readText(context, path).replace(/^\uFEFF/, '');
  const content = parsePackage(source);
  const record: Record<string, unknown> = isRecord(content) ? content : {};
  const scripts = new Map<string, string>();
  if (isRecord(record.scripts)) {
    for (const [name, script] of Object.entries(record.scripts))
      if (typeof script === 'string') scripts.set(name, script);
  }
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
  return {
    folder,
    path,
    name: text(record.name),
    version: text(record.version),
    scripts,
    content: record,
    text: source,
  };
}

const ON_ONE_LINE = ['', '', ''] as const;

/** As npm writes it back: with the indentation, and the ends of lines, that the text had. */
export function formatPackage(content: unknown, text: string): string {
  const [, newline = '\n', indent = '  '] =
    /^(?:\{\}|\[\]|)((?:\r?\n)+)?$/.exec(text) ?? /^\s*[{[]((?:\r?\n)+)([\s\t]*)/.exec(text) ?? ON_ONE_LINE;
  return `${JSON.stringify(content, null, indent)}\n`.replaceAll('\n', newline);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readText(context: UtilityContext, path: string): string {
  try {
    return new TextDecoder().decode(context.sys.call('readFile', path));
  } catch (error) {
    if (errorCode(error) === 'EISDIR') {
      const summary = 'Could not read package.json: Error: EISDIR: illegal operation on a directory, read';
      throw new NpmError(`code EISDIR\nsyscall read\nerrno -21\n${summary}`, { status: 235, summary });
    }
    if (errorCode(error) !== 'ENOENT') throw error;
    const summary = `Could not read package.json: Error: ENOENT: no such file or directory, open '${path}'`;
    const detail = 'This is related to npm not being able to find a file.';
    throw new NpmError(
      [
        'code ENOENT',
        'syscall open',
        `path ${path}`,
        'errno -2',
        `enoent ${summary}`,
        `enoent ${detail}`,
        'enoent',
      ].join('\n'),
      { status: 254, summary, detail },
    );
  }
}

function parsePackage(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const summary = `Invalid package.json: JSONParseError: ${describeJsonError(error.message, text)}`;
    const detail = ['Failed to parse JSON data.', 'Note: package.json must be actual JSON, not just JavaScript.'];
    throw new NpmError(['code EJSONPARSE', ...[summary, ...detail].map((row) => `JSON.parse ${row}`)].join('\n'), {
      summary,
      detail: detail.join('\n'),
    });
  }
}

const CONTEXT = 20;

function describeJsonError(engineMessage: string, text: string): string {
  if (text === '') return `${engineMessage} while parsing empty string`;
  const token = /^Unexpected token '?(.)'?(,)? /i.exec(engineMessage);
  const hex = (char: string) => char.charCodeAt(0).toString(16).toUpperCase();
  const message = token
    ? engineMessage.replace(
        token[0],
        `Unexpected token ${JSON.stringify(token[1])} (0x${hex(token[1] ?? '').padStart(2, '0')})${token[2] ?? ''} `,
      )
    : engineMessage;
  const position = / position\s+(\d+)/i.exec(message)?.[1];
  const at =
    position !== undefined ? Number(position) : /^Unexpected end of JSON/i.test(message) ? text.length - 1 : undefined;
  if (at === undefined) return `${message} while parsing '${text.slice(0, CONTEXT * 2)}'`;
  const start = at <= CONTEXT ? 0 : at - CONTEXT;
  const end = Math.min(at + CONTEXT, text.length);
  const excerpt = `${start > 0 ? '...' : ''}${text.slice(start, end)}${end === text.length ? '' : '...'}`;
  return `${message} while parsing ${excerpt === text ? '' : 'near '}${JSON.stringify(excerpt)}`;
}
