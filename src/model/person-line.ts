/** A call as a person types it: `read_file src/a.js`, `search query="a b" files=src/**`, `edit_file {"path": …}`. */
import type { ToolDescription } from './model.ts';
import type { PersonChoice } from './person.ts';
import { readScalar, resolve, type ValueSchema } from './text/value.ts';

/** The choice, or a sentence that says how to write it. A line that names no tool is something said. */
export function parsePersonLine(
  line: string,
  tools: readonly ToolDescription[],
): PersonChoice | { readonly problem: string } {
  const [, name = '', rest = ''] = /^\s*(\S*)\s*([\s\S]*?)\s*$/.exec(line) ?? [];
  const tool = tools.find((each) => each.name === name);
  if (!tool) {
    if (line.trim() === '') return { problem: `Name a tool: ${tools.map((each) => each.name).join(', ')}.` };
    return { text: line.trim(), calls: [] };
  }
  const schema: ValueSchema = tool.parameters;
  if (/^\{/.test(rest)) return { text: '', calls: [{ name, arguments: rest }] };
  const args = parseWords(rest, schema);
  if (args === null) return { problem: `Write it as ${usage(tool)}, or as JSON: ${name} {"…": …}.` };
  return { text: '', calls: [{ name, arguments: args }] };
}

/** `name path= [from=]` */
function usage({ name, parameters }: ToolDescription): string {
  const { properties = {}, required = [] }: ValueSchema = parameters;
  const parts = Object.keys(properties).map((key) => (required.includes(key) ? `${key}=…` : `[${key}=…]`));
  return [name, ...parts].join(' ');
}

const WORD = /\s*(?:(\w+)=)?("(?:[^"\\]|\\.)*"|'[^']*'|\S+)/gy;

function parseWords(text: string, schema: ValueSchema): Record<string, unknown> | null {
  const { properties = {}, required = [] } = schema;
  const [first] = required;
  const known = Object.keys(properties);
  const args: Record<string, unknown> = {};
  const isPlain = !known.some((key) => text.includes(`${key}=`));
  // A text that names no parameter is the first one that the tool needs, as a whole.
  if (isPlain && text !== '') {
    const [only = first] = known.length === 1 ? known : [first];
    return only === undefined || required.length > 1 ? null : { [only]: read(unquote(text), properties[only]) };
  }
  let end = 0;
  for (const { 0: all, 1: key, 2: value = '' } of text.matchAll(WORD)) {
    const name = key ?? first;
    if (name === undefined || !known.includes(name) || name in args) return null;
    args[name] = read(unquote(value), properties[name]);
    end += all.length;
  }
  const isComplete = text.slice(end).trim() === '' && required.every((key) => key in args);
  return isComplete ? args : null;
}

const read = (text: string, schema: ValueSchema | undefined): unknown =>
  resolve(schema).type === 'string' ? text : readScalar(text);

function unquote(text: string): string {
  if (/^".*"$/s.test(text)) return String(readScalar(text));
  return /^'.*'$/s.test(text) ? text.slice(1, -1) : text;
}
