/** `npm pkg`: fields of package.json by their paths, `scripts.test`, `keywords[0]`, `keywords[]`, `scripts[a:b]`. */

import { writeFile } from '../shell/utilities/write-file.ts';
import type { UtilityContext } from '../shell/utility.ts';
import { formatPackage, NpmError, type PackageFile, usage } from './package-file.ts';

/** A name (or an index, as text), or `push` for one more element. */
type Step = string | typeof PUSH;

const PUSH = Symbol('push');

/** Of the command, as npm's help has it. */
export const PURPOSE = 'Manages your package.json';

type Container = Record<string, unknown> | unknown[];

/** They would reach the prototypes of whoever reads the file. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/** What stands in brackets is one name, points and all; elsewhere points separate. */
function stepsOf(path: string): Step[] {
  const steps: Step[] = [];
  let rest = path.trim();
  while (rest !== '') {
    const bracket = /^(.*?)\[([^\]]*)\]\.?/.exec(rest);
    const [whole, before, inner] = bracket ?? [rest, rest, undefined];
    if (before) steps.push(...before.split('.'));
    if (inner !== undefined) steps.push(inner === '' ? PUSH : inner);
    rest = rest.slice(whole?.length);
  }
  return steps.length > 0 ? steps : [''];
}

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null;
}

const isIndex = (step: Step | undefined): boolean =>
  step === PUSH || (step !== undefined && !Number.isNaN(Number(step)));

const coded = (code: string, message: string): NpmError => new NpmError(`code ${code}\n${message}`);

/** The fields that `npm pkg get` shows for a path: none, one, or of a list one for each element (`contributors.name`). */
export function fieldsAt(content: Container, path: string): Record<string, unknown> {
  let value: unknown = content;
  let label = '';
  for (const step of stepsOf(path)) {
    if (step === PUSH) throw coded('EINVALIDSYNTAX', 'Empty brackets are not valid syntax for retrieving values.');
    if (Array.isArray(value) && !Number.isInteger(Number(step)))
      return Object.fromEntries(
        value.map((item, index) => [`${label}[${index}].${step}`, isContainer(item) ? own(item, step) : undefined]),
      );
    if (!isContainer(value) || !Object.hasOwn(value, step)) return {};
    value = own(value, step);
    label += step;
  }
  // As `npm view` has it: a list of one element is that element.
  return { [path]: Array.isArray(value) && value.length <= 1 ? value[0] : value };
}

const own = (container: Container, step: string): unknown =>
  Object.hasOwn(container, step) ? (container as Record<string, unknown>)[step] : undefined;

/** Sets a field; with `change` undefined it is deleted. `force` lets objects take the places of other values. */
function changeField(content: Container, path: string, change: { value: unknown; force: boolean } | undefined): void {
  const steps = stepsOf(path);
  let container = content;
  let replace: (next: Container) => void = () => undefined;
  for (const [index, step] of steps.entries()) {
    if (step !== PUSH && FORBIDDEN.has(step)) throw coded('EFORBIDDENKEY', `Forbidden key: "${step}"`);
    const isEmpty = Object.keys(container).length === 0;
    if (isIndex(step) && isEmpty && !Array.isArray(container)) container = [];
    if (change?.force && Array.isArray(container) && !isIndex(step)) container = { ...container };
    replace(container);
    if (step === PUSH && !Array.isArray(container))
      throw coded('ENOAPPEND', "Can't use append syntax in non-Array element");
    const key = step === PUSH ? String((container as unknown[]).length) : isIndex(step) ? String(Number(step)) : step;
    const holder = container as Record<string, unknown>;
    if (index === steps.length - 1) {
      if (change) holder[key] = change.value;
      else if (Array.isArray(container)) container.splice(Number(key), 1);
      else delete holder[key];
      return;
    }
    const next = own(holder, key);
    const following = steps[index + 1];
    if (change && !change.force && next !== undefined && next !== null) {
      if (!isContainer(next))
        throw coded('EOVERRIDEVALUE', `Property ${key} already exists and is not an Array or Object.`);
      if (Array.isArray(next) && !isIndex(following))
        throw coded('ENOADDPROP', `Can't add property ${path} to an Array.`);
    }
    container = isContainer(next) ? next : {};
    replace = (value) => {
      holder[key] = value;
    };
  }
}

/** `npm pkg set key=value …`; with `json` the values are JSON. */
export async function setFields(
  context: UtilityContext,
  file: PackageFile,
  { args, json, force }: { args: readonly string[]; json: boolean; force: boolean },
): Promise<void> {
  if (args.length === 0) throw usage('npm pkg set expects a key=value pair of args.', PURPOSE);
  for (const arg of args) {
    const [key = '', ...rest] = arg.split('=');
    const text = rest.join('=');
    if (key === '' || text === '') throw usage('npm pkg set expects a key=value pair of args.', PURPOSE);
    changeField(file.content, key, { value: json ? parseValue(text) : text, force });
  }
  await save(context, file);
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new NpmError(error instanceof Error ? error.message : String(error));
  }
}

export async function deleteFields(context: UtilityContext, file: PackageFile, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) throw usage('npm pkg delete expects key args.', PURPOSE);
  for (const key of keys) {
    if (key === '') throw usage('npm pkg delete expects key args.', PURPOSE);
    changeField(file.content, key, undefined);
  }
  await save(context, file);
}

async function save(context: UtilityContext, { path, content, text }: PackageFile): Promise<void> {
  await writeFile(context, path, formatPackage(content, text));
}
