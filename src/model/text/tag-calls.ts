/**
 * Calls that models write in tags: this project's own (`<tool name="…">`), Qwen's coder (`<function=…>`), Anthropic's, MiniMax's and
 * DeepSeek's (`<invoke name="…">`), GLM's (`<tool_call>name <arg_key>…`), and those of other agents (`<read_file>…`).
 */
import type { ToolDescription } from '../model.ts';
import { readFields } from './fields.ts';
import { jsonAt } from './json.ts';
import { readBlock, resolve, type ValueSchema } from './value.ts';
import { type CallReader, toolNamed, type WrittenCall } from './written-call.ts';

/** A tag that says that this is a call: the names in it are taken as they are, so that the model hears of a wrong one. */
const EXPLICIT =
  /<((?:\w+:)?(?:tool|tool_call|invoke|function))(?:\s+name=|=)["']?([\w.-]+)["']?((?:\s+[\w-]+=(?:"[^"]*"|'[^']*'))*)\s*(\/?)>/g;
const ATTRIBUTE = /([\w-]+)=(?:"([^"]*)"|'([^']*)')/g;
const EXPLICIT_START = /^\s*<(?:\w+:)?(?:tool|tool_call|invoke|function)(?:\s+name=|=)/;
/** What may stand around calls, and is no text for a person. */
const WRAPPERS = /<\/?(?:\w+:)?(?:tool_calls?|function_calls|tools)>/g;

export const readExplicitTags: CallReader = (text, tools) => {
  const glm = readGlm(text, tools);
  if (glm.length > 0) return glm;
  return readContainers(
    text,
    tools,
    [...text.matchAll(EXPLICIT)].map((match) => {
      const given = attributesIn(match[3] ?? '');
      return { match, tag: match[1] ?? '', name: match[2] ?? '', given, isEmpty: match[4] === '/' };
    }),
  );
};

const attributesIn = (text: string): Readonly<Record<string, unknown>> =>
  Object.fromEntries([...text.matchAll(ATTRIBUTE)].map(([, key = '', one, two]) => [key, one ?? two]));

/** The tool's name is the tag. */
export const readToolTags: CallReader = (text, tools) => {
  const names = tools.map(({ name }) => name).join('|');
  if (names === '') return [];
  const matches = [...text.matchAll(new RegExp(`<(${names})((?:\\s+[\\w-]+=(?:"[^"]*"|'[^']*'))*)\\s*(/?)>`, 'g'))];
  return readContainers(
    text,
    tools,
    matches.flatMap((match) => {
      const [, name = '', attributes = '', slash] = match;
      const given = attributesIn(attributes);
      const known = toolNamed(tools, name)?.parameters.properties ?? {};
      // Elements of pages have names like "search" and "outline", and attributes of their own.
      const isCall = Object.keys(given).every((key) => Object.hasOwn(known, key));
      return isCall ? [{ match, tag: name, name, given, isEmpty: slash === '/' }] : [];
    }),
  );
};

export const withoutWrappers = (text: string): string => text.replace(WRAPPERS, '');

interface Container {
  readonly match: RegExpExecArray;
  readonly tag: string;
  readonly name: string;
  /** Arguments that are the tag's attributes. */
  readonly given: Readonly<Record<string, unknown>>;
  /** `<tool name="run_tests"/>` */
  readonly isEmpty: boolean;
}

function readContainers(
  text: string,
  tools: readonly ToolDescription[],
  containers: readonly Container[],
): WrittenCall[] {
  const calls: WrittenCall[] = [];
  for (const { match, tag, name, given, isEmpty } of containers) {
    // It stands in a value of the call before it.
    if (match.index < (calls.at(-1)?.to ?? 0)) continue;
    const tool = toolNamed(tools, name);
    const from = match.index + match[0].length;
    const read = isEmpty
      ? { arguments: '{}', to: from }
      : readBody(text, { from, tag, schema: without(tool?.parameters ?? {}, given) });
    if (!read) continue;
    const args = Object.keys(given).length === 0 ? read.arguments : withAttributes(read.arguments, given);
    calls.push({ name: tool?.name ?? name, arguments: args, from: match.index, to: read.to });
  }
  return calls;
}

/** What is left for the body to say. */
function without(schema: ValueSchema, given: Container['given']): ValueSchema {
  const isLeft = (name: string) => !Object.hasOwn(given, name);
  const properties = Object.fromEntries(Object.entries(schema.properties ?? {}).filter(([name]) => isLeft(name)));
  return { ...schema, properties, ...(schema.required ? { required: schema.required.filter(isLeft) } : {}) };
}

function withAttributes(args: string, given: Container['given']): string {
  const value: unknown = JSON.parse(args);
  return JSON.stringify({ ...given, ...(typeof value === 'object' ? value : {}) });
}

interface Body {
  readonly from: number;
  readonly tag: string;
  readonly schema: ValueSchema;
}

/** A body that is whole; null when it is not: half a call is no call. */
function readBody(text: string, { from, tag, schema }: Body): { arguments: string; to: number } | null {
  const close = new RegExp(`</${tag}>`, 'g');
  close.lastIndex = from;
  for (let end = close.exec(text); end; end = close.exec(text)) {
    const to = end.index + end[0].length;
    const body = text.slice(from, end.index);
    const args = readArguments(body, schema);
    if (args !== null) return { arguments: args, to };
    // With the call closed, and nothing after it, the value is over, too.
    if (/^\s*(?:```\s*)?$/.test(text.slice(to))) return readUnclosed(body, to, schema);
    // Where another call begins, this one is over: it must not swallow that.
    if (EXPLICIT_START.test(text.slice(to, to + 200))) return null;
  }
  // Some models stop before the last tag.
  const args = readArguments(text.slice(from), schema);
  const takesNothing = Object.keys(schema.properties ?? {}).length === 0;
  return args === null || (args === '{}' && !takesNothing) ? null : { arguments: args, to: text.length };
}

/** Only the last of the values lacks its end. */
function readUnclosed(body: string, to: number, schema: ValueSchema): { arguments: string; to: number } | null {
  const [last] = [...body.matchAll(/<([a-z]\w*)>/gi)]
    .map(([, name = '']) => name)
    .filter((name) => schema.properties?.[name])
    .slice(-1);
  if (last === undefined || body.includes(`</${last}>`)) return null;
  const args = readArguments(`${body}</${last}>`, schema);
  return args === null ? null : { arguments: args, to };
}

function readArguments(body: string, schema: ValueSchema): string | null {
  const json = jsonAt(body, 0);
  if (json && body.slice(json.end).trim() === '') return JSON.stringify(json.value);
  const { value, isWhole } = readFields(withoutWrappers(body), schema);
  if (isWhole) return JSON.stringify(value);
  // A bare text is the one thing that the tool needs.
  const names = schema.required?.length ? schema.required : Object.keys(schema.properties ?? {});
  const [only, ...more] = names;
  const isBare = !/<\/?[a-z_][\w.-]*[ =>]/i.test(body) && body.trim() !== '' && only !== undefined && more.length === 0;
  const isText = resolve(schema.properties?.[only ?? '']).type === 'string';
  if (!isBare || !isText || only === undefined) return null;
  const text = readBlock(only, body);
  return JSON.stringify({ [only]: text.includes('\n') ? text : text.trim() });
}

function readGlm(text: string, tools: readonly ToolDescription[]): WrittenCall[] {
  return [...text.matchAll(/<tool_call>\s*([\w.-]+)\s*((?:<arg_key>[\s\S]*?)?)<\/tool_call>/g)].flatMap((match) => {
    const tool = toolNamed(tools, match[1] ?? '');
    if (!tool) return [];
    const pairs = [
      ...(match[2] ?? '').matchAll(/<arg_key>([\s\S]*?)<\/arg_key>\s*<arg_value>([\s\S]*?)<\/arg_value>/g),
    ];
    const body = pairs.map(([, key = '', value = '']) => `<${key.trim()}>${value}</${key.trim()}>`).join('\n');
    const args = JSON.stringify(readFields(body, tool.parameters).value);
    return [{ name: tool.name, arguments: args, from: match.index, to: match.index + match[0].length }];
  });
}
