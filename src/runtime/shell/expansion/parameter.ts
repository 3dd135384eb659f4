/** `${name…}`: defaults, lengths, prefixes and suffixes, arrays, slices, changes of case. */

import type { ParameterExpansionPart, ParameterOperation, Word } from 'unbash';
import { append } from '../../kernel/large-lists.ts';
import { FatalError, ShellError } from '../errors.ts';
import { type Atom, collectWord, type ExpansionHost, evaluateText, expandToPattern, expandToString } from './expand.ts';
import { changeCase, removeMatch, replaceMatch, transformed } from './parameter-changes.ts';
import { transformAll, transformValue } from './transformations.ts';

/** What a parameter with its subscript stands for. */
interface Target {
  /** As written, for messages. */
  label: string;
  name: string;
  /** Of one element. */
  key: string | undefined;
  /** `@` or `*` when all elements are meant. */
  all: '@' | '*' | undefined;
}

/** Atoms of a parameter expansion that has an operator, a prefix or a subscript. Throws {@link ShellError}. */
export async function expandParameter(
  host: ExpansionHost,
  part: ParameterExpansionPart,
  quoted: boolean,
): Promise<Atom[]> {
  const { operation } = part;
  const one = (text: string): Atom[] => [{ kind: quoted ? 'quoted' : 'split', text }];
  if (operation?.type === 'Names') {
    const names = host.variableNames().filter((name) => name.startsWith(part.parameter));
    return listAtoms(host, names, { all: operation.operator, quoted });
  }
  let target = await targetOf(host, part.parameter, part.index);
  if (part.prefix === '#') return one(String(lengthOf(host, target)));
  if (part.prefix === '!') {
    if (target.all && part.index) {
      return listAtoms(host, host.arrayOf(target.name)?.keys() ?? [], { all: target.all, quoted });
    }
    target = await indirect(host, target);
  }
  if (operation?.type === 'Default') return await expandDefault(host, target, operation, quoted);
  if (target.all) {
    if (operation?.type === 'Transform') {
      const values = transformAll(host, target.name, operation.operand.text, valuesOf(host, target.name));
      return listAtoms(host, values, { all: target.all, quoted });
    }
    const values = await changeAll(host, target, operation);
    return listAtoms(host, values, { all: target.all, quoted });
  }
  if (operation?.type === 'Transform' && /^[aA]$/.test(operation.operand.text))
    return one(transformValue(host, target.name, operation.operand.text, currentValue(host, target)));
  const value = requireValue(host, target);
  return one(operation ? await change(host, value, operation) : value);
}

async function targetOf(host: ExpansionHost, name: string, index: Word | undefined): Promise<Target> {
  if (!index) return { label: name, name, key: undefined, all: name === '@' || name === '*' ? name : undefined };
  const label = `${name}[${index.text}]`;
  if (index.text === '@' || index.text === '*') return { label, name, key: undefined, all: index.text };
  const key = host.arrayOf(name)?.associative
    ? await expandToString(host, index)
    : await evaluateText(host, index.text);
  return { label, name, key, all: undefined };
}

/** `${!name}`: the value is the name of the parameter that is meant, with its subscript if it has one. */
async function indirect(host: ExpansionHost, target: Target): Promise<Target> {
  if (currentValue(host, target) === undefined && !target.all)
    throw new ShellError(`${target.label}: invalid indirect expansion`, 1);
  const text = requireValue(host, target);
  const match = /^([A-Za-z_]\w*|\d+|[@*#?$!-])(?:\[(.*)\])?$/.exec(text);
  if (!match) {
    if (text === '') return target;
    throw new ShellError(`${text}: invalid variable name`, 1);
  }
  const index = match[2];
  if (index === undefined) return await targetOf(host, match[1] ?? '', undefined);
  return await targetOf(host, match[1] ?? '', { type: 'Word', text: index, value: index, pos: 0, end: 0 });
}

function currentValue(host: ExpansionHost, { name, key, all }: Target): string | undefined {
  if (all) {
    const values = valuesOf(host, name);
    return values.length > 0 ? values.join(' ') : undefined;
  }
  if (key === undefined) return host.getParameter(name);
  const array = host.arrayOf(name);
  if (array) return array.get(key);
  return key === '0' || key === '-1' ? host.getParameter(name) : undefined;
}

function requireValue(host: ExpansionHost, target: Target): string {
  if (target.key === undefined) return host.requireParameter(target.name);
  const value = currentValue(host, target);
  if (value === undefined) host.complainUnset(target.label);
  return value ?? '';
}

/** All elements; of a variable that is no array, its one value. */
function valuesOf(host: ExpansionHost, name: string): readonly string[] {
  if (name === '@' || name === '*') return host.positional;
  const array = host.arrayOf(name);
  if (array) return array.values();
  const value = host.getParameter(name);
  return value === undefined ? [] : [value];
}

function listAtoms(
  host: ExpansionHost,
  values: readonly string[],
  { all, quoted }: { all: '@' | '*'; quoted: boolean },
): Atom[] {
  const kind = quoted ? 'quoted' : 'split';
  if (all === '*' && quoted) return [{ kind, text: values.join((host.getParameter('IFS') ?? ' ').slice(0, 1)) }];
  return values.flatMap((text, index): Atom[] => (index > 0 ? [{ kind: 'break' }, { kind, text }] : [{ kind, text }]));
}

const SURROGATE = /[\ud800-\udfff]/;

/** Without a list of them. */
function characterCount(text: string): number {
  if (!SURROGATE.test(text)) return text.length;
  let pairs = 0;
  for (const _ of text.matchAll(/[\ud800-\udbff][\udc00-\udfff]/g)) pairs++;
  return text.length - pairs;
}

function lengthOf(host: ExpansionHost, target: Target): number {
  if (target.all) return host.arrayOf(target.name)?.size ?? valuesOf(host, target.name).length;
  return characterCount(requireValue(host, target));
}

async function expandDefault(
  host: ExpansionHost,
  target: Target,
  operation: Extract<ParameterOperation, { type: 'Default' }>,
  quoted: boolean,
): Promise<Atom[]> {
  const value = currentValue(host, target);
  const colon = operation.operator.startsWith(':');
  const missing = value === undefined || (colon && value === '');
  const operator = operation.operator.slice(-1);
  if (operator === '+') return missing ? [] : await operandAtoms(host, operation.operand, quoted);
  if (!missing) {
    if (target.all) return listAtoms(host, valuesOf(host, target.name), { all: target.all, quoted });
    return [{ kind: quoted ? 'quoted' : 'split', text: value }];
  }
  if (operator === '-') return await operandAtoms(host, operation.operand, quoted);
  const text = await expandToString(host, operation.operand);
  if (operator === '?') {
    const unset = colon ? 'parameter null or not set' : 'parameter not set';
    const dash = colon ? 'parameter not set or null' : 'parameter not set';
    const message = `${target.label}: ${text || (host.bash ? unset : dash)}`;
    throw host.bash ? new FatalError(message, host.fromCommandLine ? 127 : 1) : new ShellError(message);
  }
  if (target.key === undefined) host.setVariable(target.name, text);
  else host.setElement(target.name, target.key, text);
  return [{ kind: quoted ? 'quoted' : 'split', text }];
}

async function operandAtoms(host: ExpansionHost, operand: Word, quoted: boolean): Promise<Atom[]> {
  const atoms = await collectWord(host, operand);
  return atoms.map((atom): Atom => {
    if (atom.kind === 'break') return atom;
    if (quoted) return { kind: 'quoted', text: atom.text };
    return atom.kind === 'literal' && !operand.text.includes('\\') ? { kind: 'split', text: atom.text } : atom;
  });
}

type Change = Exclude<ParameterOperation, { type: 'Default' | 'Names' }>;

async function changeAll(host: ExpansionHost, target: Target, operation: Change | undefined): Promise<string[]> {
  const values = valuesOf(host, target.name);
  if (!operation) return [...values];
  if (operation.type === 'Slice') return await sliceList(host, target, operation);
  const changed: string[] = [];
  for (const value of values) changed.push(await change(host, value, operation));
  return changed;
}

type Slice = Extract<Change, { type: 'Slice' }>;

/** Elements whose subscripts begin at the offset; `$0` is part of the positional parameters. */
async function sliceList(host: ExpansionHost, { name }: Target, operation: Slice): Promise<string[]> {
  const positional = name === '@' || name === '*';
  const values = positional ? [host.getParameter('0') ?? '', ...host.positional] : valuesOf(host, name);
  const keys = host.arrayOf(name)?.keys();
  const offset = Number(await evaluateText(host, operation.offset.text));
  const first = offset < 0 ? values.length + offset : offset;
  const start =
    keys && !host.arrayOf(name)?.associative && offset > 0 ? keys.findIndex((k) => Number(k) >= first) : first;
  if (start < 0) return [];
  const length = operation.length ? Number(await evaluateText(host, operation.length.text)) : values.length;
  if (length < 0) throw new ShellError(`${operation.length?.text ?? ''}: substring expression < 0`, 1);
  return values.slice(start, start + length);
}

async function change(host: ExpansionHost, value: string, operation: Change): Promise<string> {
  switch (operation.type) {
    case 'Remove':
      return removeMatch(
        value,
        operation.operator,
        await expandToPattern(host, operation.operand, host.isSet('extglob')),
      );
    case 'Replace': {
      const pattern = await expandToPattern(host, operation.pattern, host.isSet('extglob'));
      return replaceMatch(value, operation.operator, pattern, await replacementOf(host, operation.replacement));
    }
    case 'Slice':
      return await sliceText(host, value, operation);
    case 'CaseModification': {
      const pattern = operation.operand ? await expandToPattern(host, operation.operand, host.isSet('extglob')) : '?';
      return changeCase(value, operation.operator, pattern);
    }
    case 'Transform':
      return transformed(value, operation.operand.text);
    default:
      throw new ShellError('bad substitution', 1);
  }
}

/** Text of a replacement; `&` that is not quoted stands for what matched. */
async function replacementOf(host: ExpansionHost, word: Word): Promise<readonly string[]> {
  if (!host.isSet('patsub_replacement') || !/[&$]/.test(word.text) || word.text.includes('\\&'))
    return [await expandToString(host, word)];
  const pieces = [''];
  for (const atom of await collectWord(host, word)) {
    const [first = '', ...rest] =
      atom.kind === 'break' ? [' '] : atom.kind === 'quoted' ? [atom.text] : atom.text.split('&');
    pieces[pieces.length - 1] += first;
    append(pieces, rest);
  }
  return pieces;
}

async function sliceText(host: ExpansionHost, text: string, operation: Slice): Promise<string> {
  // As text where a character is a unit of it: of a long one there is no memory for a list.
  const value = SURROGATE.test(text) ? [...text] : text;
  const textOf = (part: string | string[]) => (typeof part === 'string' ? part : part.join(''));
  const offset = Number(await evaluateText(host, operation.offset.text));
  const start = offset < 0 ? value.length + offset : offset;
  if (start < 0) return '';
  if (!operation.length) return textOf(value.slice(start));
  const length = Number(await evaluateText(host, operation.length.text));
  const end = length < 0 ? value.length + length : start + length;
  if (end < start) throw new ShellError(`${operation.length.text}: substring expression < 0`, 1);
  return textOf(value.slice(start, end));
}
