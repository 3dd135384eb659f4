/** Assignments: to variables, to elements of arrays, to whole arrays. */
import type { ArrayValue, Assignment, Word } from 'unbash';
import { ShellError } from '../errors.ts';
import { evaluateText, expandAssignment, expandToString, expandWords, parseWord } from '../expansion/expand.ts';
import type { Shell } from '../shell.ts';
import { quoteTraced } from '../trace.ts';
import { ShellArray } from './arrays.ts';

/** Stands for an array value in the arguments of a builtin; the value itself is in `Shell.arrayArguments`. */
export const ARRAY_ARGUMENT = '\0array';

export interface ArrayArgument {
  name: string;
  value: ArrayValue;
  append: boolean;
}

export type ShowAssignment = (text: string) => Promise<void> | void;

export async function assignAll(
  shell: Shell,
  assignments: readonly Assignment[],
  show: ShowAssignment,
): Promise<number> {
  for (const assignment of assignments) await assignOne(shell, assignment, show);
  return shell.substitutionStatus ?? 0;
}

/** `show` is told of it, as `set -x` shows it, when its value is known. */
export async function assignOne(shell: Shell, assignment: Assignment, show: ShowAssignment): Promise<void> {
  const { value, name, index } = assignment;
  const append = assignment.append === true;
  if (value.type === 'ArrayValue') {
    await show(assignment.text);
    await assignArray(shell, { name, value, append });
    return;
  }
  const text = await expandAssignment(shell, value);
  const target = index ? `${name}[${index.text}]` : name;
  await show(`${target}${append ? '+' : ''}=${shell.bash ? quoteTraced(text) : text}`);
  if (index) await assignElement(shell, { name, index, text, append });
  else assignScalar(shell, name, text, append);
}

export function assignScalar(shell: Shell, name: string, text: string, append: boolean): void {
  const old = append ? (shell.getVariable(name) ?? '') : '';
  const integer = append && shell.variables.get(shell.nameOf(name))?.integer === true;
  shell.setVariable(name, integer ? `${old || '0'}+(${text})` : old + text);
}

interface ElementAssignment {
  name: string;
  index: Word;
  text: string;
  append: boolean;
}

async function assignElement(shell: Shell, { name, index, text, append }: ElementAssignment): Promise<void> {
  const key = await subscript(shell, name, index);
  const old = append ? (shell.arrayOf(name)?.get(key) ?? '') : '';
  shell.setElement(name, key, old + text);
}

async function subscript(shell: Shell, name: string, index: Word): Promise<string> {
  if (shell.arrayOf(name)?.associative) return await expandToString(shell, index);
  const key = await evaluateText(shell, index.text);
  const size = shell.arrayOf(name)?.next() ?? 0;
  if (Number(key) < -size) throw new ShellError(`${name}[${index.text}]: bad array subscript`, 1);
  return key;
}

/** `name=(…)` and `name+=(…)`; an associative array stays one. What is appended is expanded first: it may be what is there. */
export async function assignArray(shell: Shell, { name, value, append }: ArrayArgument): Promise<void> {
  const old = shell.arrayOf(name);
  const elements = await expandElements(shell, value, old?.associative ?? false);
  const array = append && old ? old : new ShellArray(old?.associative ?? false);
  const scalar = append && !old ? shell.getVariable(name) : undefined;
  // First: it may be read-only.
  shell.setArray(name, array);
  if (scalar !== undefined) array.set('0', scalar);
  putElements(array, elements);
}

/** A key where one is written (`[key]=value`); `appends` what follows `+=` there. */
interface Element {
  key: string | undefined;
  text: string;
  appends: boolean;
}

async function expandElements(shell: Shell, value: ArrayValue, associative: boolean): Promise<Element[]> {
  const elements: Element[] = [];
  for (const word of value.elements) {
    const keyed = await keyedElement(shell, associative, word);
    if (keyed) elements.push(keyed);
    else for (const text of await expandWords(shell, [word])) elements.push({ key: undefined, text, appends: false });
  }
  return elements;
}

/** Of an associative array, elements without keys are a key and its value by turns. */
function putElements(array: ShellArray, elements: readonly Element[]): void {
  let pendingKey: string | undefined;
  let next = array.associative ? 0 : array.next();
  for (const { key, text, appends } of elements) {
    if (key !== undefined) {
      array.set(key, appends ? (array.get(key) ?? '') + text : text);
      next = Number(key) + 1;
    } else if (!array.associative) array.set(String(next++), text);
    else if (pendingKey === undefined) pendingKey = text;
    else {
      array.set(pendingKey, text);
      pendingKey = undefined;
    }
  }
}

/** `[key]=value` among the elements. */
async function keyedElement(shell: Shell, associative: boolean, element: Word): Promise<Element | undefined> {
  const match = /^\[((?:[^\]"']|"[^"]*"|'[^']*')+)\](\+?)=/s.exec(element.text);
  if (!match) return undefined;
  const [all, index = '', plus] = match;
  const parsed = async (text: string) => await expandAssignment(shell, parseWord(text));
  const key = associative ? await parsed(index) : await evaluateText(shell, index);
  const rest = element.text.slice(all.length);
  return { key, text: rest === '' ? '' : await parsed(rest), appends: plus === '+' };
}
