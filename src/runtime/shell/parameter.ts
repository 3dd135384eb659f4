/** `${name…}`: defaults, lengths, prefixes and suffixes. */
import type { ParameterExpansionPart, ParameterOperation, Word } from 'unbash';
import { ShellError } from './errors.ts';
import { type Atom, collectWord, type ExpansionHost, evaluateText, expandToPattern, expandToString } from './expand.ts';
import { patternSource } from './pattern.ts';

/** Atoms of a parameter expansion that has an operator or a prefix. Throws {@link ShellError}. */
export async function expandParameter(
  host: ExpansionHost,
  part: ParameterExpansionPart,
  quoted: boolean,
): Promise<Atom[]> {
  const { parameter, operation } = part;
  if (part.index) throw new ShellError(`${part.text}: arrays are not supported by this shell`);
  const result = (text: string): Atom[] => [{ kind: quoted ? 'quoted' : 'split', text }];
  if (part.prefix === '#') return result(String(lengthOf(host, parameter)));
  if (part.prefix === '!') return result(host.getParameter(host.requireParameter(parameter)) ?? '');
  if (!operation) return result(host.requireParameter(parameter));
  if (operation.type === 'Default') return await expandDefault(host, parameter, operation, quoted);
  return result(await transform(host, part, operation));
}

function parameterValue(host: ExpansionHost, parameter: string): string | undefined {
  if (parameter !== '@' && parameter !== '*') return host.getParameter(parameter);
  return host.positional.length > 0 ? host.positional.join(' ') : undefined;
}

function lengthOf(host: ExpansionHost, parameter: string): number {
  if (parameter === '@' || parameter === '*') return host.positional.length;
  return [...host.requireParameter(parameter)].length;
}

async function expandDefault(
  host: ExpansionHost,
  parameter: string,
  operation: Extract<ParameterOperation, { type: 'Default' }>,
  quoted: boolean,
): Promise<Atom[]> {
  const value = parameterValue(host, parameter);
  const colon = operation.operator.startsWith(':');
  const missing = value === undefined || (colon && value === '');
  const operator = operation.operator.slice(-1);
  const present = (): Atom[] => allOrOne(host, parameter, value ?? '', quoted);
  if (operator === '+') return missing ? [] : await operandAtoms(host, operation.operand, quoted);
  if (!missing) return present();
  if (operator === '-') return await operandAtoms(host, operation.operand, quoted);
  const text = await expandToString(host, operation.operand);
  if (operator === '?') {
    throw new ShellError(`${parameter}: ${text || (colon ? 'parameter not set or null' : 'parameter not set')}`);
  }
  host.setVariable(parameter, text);
  return [{ kind: quoted ? 'quoted' : 'split', text }];
}

function allOrOne(host: ExpansionHost, parameter: string, value: string, quoted: boolean): Atom[] {
  const kind = quoted ? 'quoted' : 'split';
  if (parameter !== '@') return [{ kind, text: value }];
  return host.positional.flatMap((text, index): Atom[] =>
    index > 0 ? [{ kind: 'break' }, { kind, text }] : [{ kind, text }],
  );
}

async function operandAtoms(host: ExpansionHost, operand: Word, quoted: boolean): Promise<Atom[]> {
  const atoms = await collectWord(host, operand);
  return atoms.map((atom): Atom => {
    if (atom.kind === 'break') return atom;
    if (quoted) return { kind: 'quoted', text: atom.text };
    return atom.kind === 'literal' && !operand.text.includes('\\') ? { kind: 'split', text: atom.text } : atom;
  });
}

async function transform(
  host: ExpansionHost,
  part: ParameterExpansionPart,
  operation: Exclude<ParameterOperation, { type: 'Default' }>,
): Promise<string> {
  const value =
    part.parameter === '@' || part.parameter === '*'
      ? host.positional.join(' ')
      : host.requireParameter(part.parameter);
  switch (operation.type) {
    case 'Remove':
      return removeMatch(value, operation.operator, await expandToPattern(host, operation.operand));
    case 'Replace': {
      const pattern = await expandToPattern(host, operation.pattern);
      const replacement = await expandToString(host, operation.replacement);
      const source = patternSource(pattern);
      if (pattern === '') return value;
      const anchored =
        operation.operator === '/#' ? `^(?:${source})` : operation.operator === '/%' ? `(?:${source})$` : source;
      return value.replace(new RegExp(anchored, operation.operator === '//' ? 'gu' : 'u'), () => replacement);
    }
    case 'Slice': {
      const offset = Number(await evaluateText(host, operation.offset.text));
      const start = offset < 0 ? Math.max(value.length + offset, 0) : offset;
      if (!operation.length) return value.slice(start);
      const length = Number(await evaluateText(host, operation.length.text));
      return value.slice(start, length < 0 ? value.length + length : start + length);
    }
    case 'CaseModification': {
      const upper = operation.operator.startsWith('^');
      const change = (text: string) => (upper ? text.toUpperCase() : text.toLowerCase());
      return operation.operator.length === 2 ? change(value) : change(value.slice(0, 1)) + value.slice(1);
    }
    default:
      throw new ShellError(`${part.text}: this kind of expansion is not supported by this shell`);
  }
}

function removeMatch(value: string, operator: '#' | '##' | '%' | '%%', pattern: string): string {
  const source = patternSource(pattern, { lazy: operator === '#' });
  if (operator === '#' || operator === '##') return value.replace(new RegExp(`^(?:${source})`, 'u'), '');
  const test = new RegExp(`^(?:${patternSource(pattern)})$`, 'u');
  const starts = Array.from({ length: value.length + 1 }, (_, index) => index);
  if (operator === '%') starts.reverse();
  const start = starts.find((index) => test.test(value.slice(index)));
  return start === undefined ? value : value.slice(0, start);
}
