/** Named values in tags: `<path>a.js</path>`, `<parameter=path>…</parameter>`, `<param name="path">…</param>`. */
import { readBlock, readScalar, resolve, type ValueSchema } from './value.ts';

export interface ReadFields {
  readonly value: Readonly<Record<string, unknown>>;
  /** False when a tag is not closed, or something else stands between the tags. */
  readonly isWhole: boolean;
}

const OPEN =
  /^\s*<(?:(?:\w+:)?(?:parameter|param|arg|argument)(?:\s+name=|=)["']?([\w.-]+)["']?[^>]*|([A-Za-z_][\w.-]*))>/;
const NAMED = /^\s*<(?:\w+:)?(parameter|param|arg|argument)[\s=]/;

/** Reads the fields of an object. What `schema` does not know is read as text. */
export function readFields(body: string, schema: ValueSchema): ReadFields {
  const value: Record<string, unknown> = {};
  let rest = body;
  for (;;) {
    const open = OPEN.exec(rest);
    const name = open?.[1] ?? open?.[2];
    if (!open || name === undefined) return { value, isWhole: rest.trim() === '' };
    const tag = NAMED.exec(rest)?.[1] ?? name;
    const content = rest.slice(open[0].length);
    const end = closeOf(content, tag);
    if (end === null) return { value, isWhole: false };
    add(value, name, readValue(name, content.slice(0, end.from), schema.properties?.[name]), schema.properties?.[name]);
    rest = content.slice(end.to);
  }
}

/** A value may hold its own end tag: the one that counts is followed by another tag, or by nothing. */
function closeOf(content: string, tag: string): { from: number; to: number } | null {
  const pattern = new RegExp(`</(?:\\w+:)?${tag.replaceAll('.', '\\.')}>`, 'g');
  let last: { from: number; to: number } | null = null;
  for (const match of content.matchAll(pattern)) {
    last = { from: match.index, to: match.index + match[0].length };
    if (/^\s*(<|$)/.test(content.slice(last.to, last.to + 200))) return last;
  }
  return last;
}

function add(value: Record<string, unknown>, name: string, read: unknown, schema: ValueSchema | undefined): void {
  const isList = resolve(schema).type === 'array';
  const known = value[name];
  if (!isList) value[name] = read;
  else if (Array.isArray(known)) known.push(...listed(read));
  else value[name] = listed(read);
}

const listed = (read: unknown): unknown[] => (Array.isArray(read) ? read : [read]);

function readValue(name: string, raw: string, schema: ValueSchema | undefined): unknown {
  const { type, items, properties } = resolve(schema);
  if (type === 'array') return /^\s*\[/.test(raw) ? readScalar(raw) : readItem(name, raw, items);
  if (properties && /^\s*</.test(raw)) return readFields(raw, { properties }).value;
  if (type === undefined || type === 'string') return readBlock(name, raw);
  return readScalar(raw);
}

/** One element of a list; models like to put `<item>` around it. */
function readItem(name: string, raw: string, items: ValueSchema | undefined): unknown {
  const { properties } = resolve(items);
  const wrapped = /^\s*<(item|element|edit|entry)>([\s\S]*)<\/\1>\s*$/.exec(raw);
  if (wrapped && !properties?.[wrapped[1] ?? '']) {
    const parts = (wrapped[2] ?? '').split(new RegExp(`</${wrapped[1]}>\\s*<${wrapped[1]}>`));
    return parts.map((part) => readValue(name, part, items));
  }
  return readValue(name, raw, items);
}
