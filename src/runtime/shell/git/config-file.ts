/** git's configuration files. */
import { S_IFMT, S_IFREG } from '../../kernel/file-modes.ts';
import { resolvePath } from '../paths.ts';
import type { UtilityContext } from '../utility.ts';
import { writeWhole } from './system-files.ts';

export interface ConfigEntry {
  /** In lower case but for its middle: "remote.Origin.url". */
  key: string;
  value: string;
}

export function globalConfigFile(context: UtilityContext): string {
  return context.env.get('GIT_CONFIG_GLOBAL') ?? `${context.env.get('HOME') ?? '/root'}/.gitconfig`;
}

/** The last one counts most. */
export function configFiles(context: UtilityContext, gitdir: string | undefined): string[] {
  const files = context.env.has('GIT_CONFIG_NOSYSTEM') ? [] : ['/etc/gitconfig'];
  return [...files, globalConfigFile(context), ...(gitdir === undefined ? [] : [`${gitdir}/config`])];
}

function readText(context: UtilityContext, file: string): string {
  const path = resolvePath(context.cwd, file);
  const stat = context.sys.call('statOrNull', path, true);
  // GIT_CONFIG_GLOBAL=/dev/null says that there is none.
  if (!stat || (stat.mode & S_IFMT) !== S_IFREG) return '';
  return new TextDecoder().decode(context.sys.call('readFile', path));
}

function parseConfig(text: string): ConfigEntry[] {
  const entries: ConfigEntry[] = [];
  let section = '';
  for (const line of text.replace(/\\\n/g, '').split('\n')) {
    const header = /^\s*\[\s*([\w.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]/.exec(line);
    if (header)
      section =
        header[2] === undefined
          ? (header[1] ?? '').toLowerCase()
          : `${(header[1] ?? '').toLowerCase()}.${header[2].replace(/\\(.)/g, '$1')}`;
    const rest = header ? line.slice(header[0].length) : line;
    const item = /^\s*([A-Za-z][\w-]*)\s*(?:=\s*(.*))?$/.exec(rest);
    if (item && section !== '')
      entries.push({ key: `${section}.${(item[1] ?? '').toLowerCase()}`, value: parseValue(item[2]) });
  }
  return entries;
}

function parseValue(text: string | undefined): string {
  if (text === undefined) return 'true';
  let value = '';
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i] ?? '';
    if (char === '\\') {
      i += 1;
      const next = text[i] ?? '';
      value += next === 'n' ? '\n' : next === 't' ? '\t' : next;
    } else if (char === '"') quoted = !quoted;
    else if (!quoted && (char === '#' || char === ';')) break;
    else value += char;
  }
  return quoted || text.endsWith('"') ? value : value.trimEnd();
}

/** Section and name count in any case. */
export function normalizeKey(key: string): string {
  const parts = key.split('.');
  const [first = '', last = ''] = [parts[0], parts.at(-1)];
  return [first.toLowerCase(), ...parts.slice(1, -1), last.toLowerCase()].join('.');
}

export function readConfig(context: UtilityContext, files: readonly string[]): ConfigEntry[] {
  return files.flatMap((file) => parseConfig(readText(context, file)));
}

/** What `git -c` and whoever starts git sets for one call: GIT_CONFIG_COUNT, GIT_CONFIG_KEY_0, GIT_CONFIG_VALUE_0, … */
export function settingsOfCall({ env }: UtilityContext): ConfigEntry[] {
  return Array.from({ length: Number(env.get('GIT_CONFIG_COUNT') ?? '0') }, (_, index) => ({
    key: normalizeKey(env.get(`GIT_CONFIG_KEY_${index}`) ?? ''),
    value: env.get(`GIT_CONFIG_VALUE_${index}`) ?? '',
  }));
}

/** The environment with one more setting of that kind. */
export function withSetting(env: ReadonlyMap<string, string>, setting: string): ReadonlyMap<string, string> {
  const count = Number(env.get('GIT_CONFIG_COUNT') ?? '0');
  const [key = '', ...rest] = setting.split('=');
  return new Map([
    ...env,
    ['GIT_CONFIG_COUNT', String(count + 1)],
    [`GIT_CONFIG_KEY_${count}`, key],
    [`GIT_CONFIG_VALUE_${count}`, setting.includes('=') ? rest.join('=') : 'true'],
  ]);
}

export function readConfigValue(context: UtilityContext, files: readonly string[], key: string): string | undefined {
  const wanted = normalizeKey(key);
  return [...readConfig(context, files), ...settingsOfCall(context)].findLast((entry) => entry.key === wanted)?.value;
}

/** Adds a value beside those that are there. */
export function addConfig(context: UtilityContext, file: string, key: string, value: string): void {
  const { lines, last } = readSection(context, file, key);
  insertValue(lines, last, { key, value });
  writeLines(context, file, lines);
}

/** Sets a value where it stands, or adds it to its section; undefined takes it out. True when something was there. */
export function changeConfig(context: UtilityContext, file: string, key: string, value: string | undefined): boolean {
  const { lines, last, found } = readSection(context, file, key);
  if (value !== undefined && found !== -1) lines[found] = valueLine(key, value);
  else if (value !== undefined) insertValue(lines, last, { key, value });
  else if (found !== -1) {
    lines.splice(found, 1);
    // A section that has become empty goes too.
    const isTitle = (index: number) => index >= lines.length || /^\s*\[/.test(lines[index] ?? '');
    if (found > 0 && isTitle(found - 1) && isTitle(found)) lines.splice(found - 1, 1);
  }
  writeLines(context, file, lines);
  return found !== -1;
}

interface Section {
  /** Of the whole file. */
  lines: string[];
  /** Its last line, and the last that sets the key; -1 where there is none. */
  last: number;
  found: number;
}

function readSection(context: UtilityContext, file: string, key: string): Section {
  const lines = readText(context, file).split('\n');
  if (lines.at(-1) === '') lines.pop();
  const wanted = normalizeKey(key);
  let current = '';
  let last = -1;
  let found = -1;
  for (const [index, line] of lines.entries()) {
    if (/^\s*\[/.test(line)) current = sectionOf(line);
    if (current === wanted.slice(0, wanted.lastIndexOf('.'))) {
      last = index;
      const item = /^\s*([A-Za-z][\w-]*)/.exec(line);
      if (item?.[1]?.toLowerCase() === wanted.slice(wanted.lastIndexOf('.') + 1)) found = index;
    }
  }
  return { lines, last, found };
}

const valueLine = (key: string, value: string): string => `\t${key.split('.').at(-1)} = ${quoteValue(value)}`;

/** Behind the last line of its section, or in a new one. */
function insertValue(lines: string[], last: number, { key, value }: { key: string; value: string }): void {
  if (last !== -1) lines.splice(last + 1, 0, valueLine(key, value));
  else lines.push(titleOf(key.split('.').slice(0, -1).join('.')), valueLine(key, value));
}

function writeLines(context: UtilityContext, file: string, lines: readonly string[]): void {
  const text = lines.map((line) => `${line}\n`).join('');
  writeWhole(context.sys, resolvePath(context.cwd, file), new TextEncoder().encode(text));
}

/** Gives the section of a file another name, `remote.origin`; without one it is taken out. */
export function renameSection(context: UtilityContext, file: string, from: string, to: string | undefined): void {
  const path = resolvePath(context.cwd, file);
  let inside = false;
  const lines = readText(context, file)
    .split('\n')
    .flatMap((line) => {
      if (/^\s*\[/.test(line)) {
        inside = sectionOf(line) === from;
        if (inside && to !== undefined) return [titleOf(to)];
      }
      return inside && to === undefined ? [] : [line];
    });
  writeWhole(context.sys, path, new TextEncoder().encode(lines.join('\n')));
}

const sectionOf = (line: string): string =>
  parseConfig(`${line.replace(/\].*/, ']')}\nx=`)[0]?.key.replace(/\.x$/, '') ?? '';

function titleOf(section: string): string {
  const [name = '', ...rest] = section.split('.');
  return rest.length === 0 ? `[${name}]` : `[${name} "${rest.join('.').replace(/["\\]/g, '\\$&')}"]`;
}

function quoteValue(value: string): string {
  const escaped = value.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
  return /[#;]|^\s|\s$/.test(value) ? `"${escaped}"` : escaped;
}
