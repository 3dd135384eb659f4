/** `npm pkg`: fields of package.json by their paths, `scripts.test`, `keywords[0]`, `keywords[]`, `scripts[a:b]`. */

import { writeFile } from '../shell/utilities/sort.ts';
import type { UtilityContext } from '../shell/utility.ts';
import { NpmError, type PackageFile } from './package-file.ts';

/** A name, the index of an element, or `push` for one more. */
type Step = string | number | { push: true };

type Container = Record<string, unknown> | unknown[];

function stepsOf(path: string): Step[] {
  const steps: Step[] = [];
  for (const [, name, inner] of path.matchAll(/([^.[\]]+)|\[([^\]]*)\]/g)) {
    const bare = inner?.replace(/^(["'])(.*)\1$/, '$2');
    if (name !== undefined) steps.push(name);
    else if (bare === '') steps.push({ push: true });
    else steps.push(/^\d+$/.test(bare ?? '') ? Number(bare) : (bare ?? ''));
  }
  if (steps.includes('__proto__')) throw new NpmError(`invalid key: ${path}`);
  return steps;
}

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null;
}

const child = (container: Container, step: Step): unknown => {
  if (typeof step === 'object') return undefined;
  if (Array.isArray(container)) return container[Number(step)];
  return Object.hasOwn(container, step) ? container[step] : undefined;
};

export function fieldAt(content: Container, path: string): unknown {
  let value: unknown = content;
  for (const step of stepsOf(path)) value = isContainer(value) ? child(value, step) : undefined;
  return value;
}

function put(container: Container, step: Step, value: unknown): void {
  if (!Array.isArray(container)) {
    if (typeof step === 'object') throw new NpmError('Cannot append to a value that is no array');
    container[step] = value;
  } else if (typeof step === 'object') container.push(value);
  else container[Number(step)] = value;
}

function setField(content: Container, path: string, value: unknown): void {
  const steps = stepsOf(path);
  const last = steps.pop();
  if (last === undefined) throw new NpmError(`invalid key: ${path}`);
  let container = content;
  for (const [index, step] of steps.entries()) {
    let next = child(container, step);
    if (!isContainer(next)) {
      next = typeof (steps[index + 1] ?? last) === 'string' ? {} : [];
      put(container, step, next);
    }
    if (isContainer(next)) container = next;
  }
  put(container, last, value);
}

function deleteField(content: Container, path: string): void {
  const steps = stepsOf(path);
  const last = steps.pop();
  let container: unknown = content;
  for (const step of steps) container = isContainer(container) ? child(container, step) : undefined;
  if (!isContainer(container) || last === undefined || typeof last === 'object') return;
  if (Array.isArray(container)) container.splice(Number(last), 1);
  else delete container[last];
}

/** `npm pkg set key=value …`; with `json` the values are JSON. */
export function setFields(
  context: UtilityContext,
  file: PackageFile,
  { args, json }: { args: readonly string[]; json: boolean },
): void {
  if (args.length === 0) throw usage('npm pkg set expects a key=value pair of args.');
  for (const arg of args) {
    const equals = arg.indexOf('=');
    if (equals === -1) throw usage('npm pkg set expects a key=value pair of args.');
    const text = arg.slice(equals + 1);
    setField(file.content, arg.slice(0, equals), json ? parseValue(text) : text);
  }
  save(context, file);
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new NpmError(error instanceof Error ? error.message : String(error));
  }
}

export function deleteFields(context: UtilityContext, file: PackageFile, keys: readonly string[]): void {
  if (keys.length === 0) throw usage('npm pkg delete expects key args.');
  for (const key of keys) deleteField(file.content, key);
  save(context, file);
}

export const usage = (problem: string): NpmError =>
  new NpmError(['code EUSAGE', '', ...(problem === '' ? [] : [problem, '']), 'Manages your package.json'].join('\n'));

/** With the indentation that the file has. */
function save(context: UtilityContext, { path, content }: PackageFile): void {
  const text = new TextDecoder().decode(context.sys.call('readFile', path));
  const indent = /^[ \t]+(?=")/m.exec(text)?.[0] ?? '  ';
  writeFile(context, path, `${JSON.stringify(content, null, indent)}\n`);
}
