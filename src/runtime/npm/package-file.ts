/** Finding and reading package.json as npm does. */
import { errorCode } from '../shell/errors.ts';
import { directoryName, joinPath } from '../shell/paths.ts';
import type { UtilityContext } from '../shell/utility.ts';

export interface PackageFile {
  folder: string;
  path: string;
  name: string | undefined;
  version: string | undefined;
  scripts: Map<string, string>;
  content: Record<string, unknown>;
}

/** An error that npm prints as `npm error` lines before it exits. */
export class NpmError extends Error {
  override name = 'NpmError';
  readonly status: number;
  constructor(message: string, status = 1) {
    super(message);
    this.status = status;
  }
}

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

/** Throws {@link NpmError} as npm words it. */
export function readPackage(context: UtilityContext, folder: string): PackageFile {
  const path = joinPath(folder, 'package.json');
  const content = parsePackage(readText(context, path));
  const record: Record<string, unknown> = isRecord(content) ? content : {};
  const scripts = new Map<string, string>();
  if (isRecord(record.scripts)) {
    for (const [name, script] of Object.entries(record.scripts))
      if (typeof script === 'string') scripts.set(name, script);
  }
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
  return { folder, path, name: text(record.name), version: text(record.version), scripts, content: record };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readText(context: UtilityContext, path: string): string {
  try {
    return new TextDecoder().decode(context.sys.call('readFile', path));
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    throw new NpmError(
      [
        'code ENOENT',
        'syscall open',
        `path ${path}`,
        'errno -2',
        `enoent Could not read package.json: Error: ENOENT: no such file or directory, open '${path}'`,
        'enoent This is related to npm not being able to find a file.',
        'enoent',
      ].join('\n'),
      254,
    );
  }
}

function parsePackage(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new NpmError(
      [
        'code EJSONPARSE',
        `JSON.parse Invalid package.json: JSONParseError: ${describeJsonError(error.message, text)}`,
        'JSON.parse Failed to parse JSON data.',
        'JSON.parse Note: package.json must be actual JSON, not just JavaScript.',
      ].join('\n'),
    );
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
