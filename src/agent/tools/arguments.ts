/**
 * The arguments of a call as models write them: a number as text, one string where a list is asked, `file_path` for `path`. Where there
 * is only one thing that can be meant it is taken for that; all else is left for the schema to refuse.
 */

export type Arguments = Readonly<Record<string, unknown>>;

/** A tool's parameters, as JSON Schema. */
export interface ParameterSchema {
  readonly properties?: Readonly<Record<string, PropertySchema>>;
  readonly required?: readonly string[];
}
interface PropertySchema extends ParameterSchema {
  readonly type?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: PropertySchema;
  readonly anyOf?: readonly PropertySchema[];
}

/** Other names that models know these parameters by, from other agents' tools. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  path: ['file', 'file_path', 'filePath', 'filepath', 'filename', 'file_name', 'target_file', 'name'],
  file: ['path', 'file_path', 'filePath', 'filepath', 'filename', 'test_file'],
  folder: ['path', 'dir', 'directory', 'directory_path'],
  files: ['glob', 'include', 'path', 'paths', 'folder', 'directory', 'file_pattern', 'include_pattern'],
  from: ['start', 'start_line', 'startLine', 'line_start', 'from_line', 'first', 'source', 'old_path', 'src'],
  to: ['end', 'end_line', 'endLine', 'line_end', 'to_line', 'last', 'destination', 'new_path', 'dest', 'target'],
  query: ['pattern', 'text', 'search', 'q', 'term', 'regex', 'string'],
  name: ['symbol', 'identifier', 'function', 'test', 'test_name', 'testName', 'title', 'query'],
  command: ['cmd', 'line', 'script', 'command_line'],
  seconds: ['timeout', 'timeout_seconds', 'deadline'],
  ignoreCase: ['ignore_case', 'case_insensitive', 'caseInsensitive'],
  context: ['context_lines', 'lines'],
  content: [
    'contents',
    'text',
    'code',
    'file_text',
    'new_content',
    'newContent',
    'code_edit',
    'file_content',
    'changes',
  ],
  edits: ['diff', 'blocks', 'changes', 'replacements'],
  patch: ['diff', 'input', 'content', 'text'],
  steps: ['plan', 'todos', 'items'],
  question: ['text', 'prompt', 'message'],
  summary: ['explanation', 'message', 'result', 'text', 'reason'],
  explanation: ['reason', 'summary', 'message', 'text'],
  id: ['output', 'output_id', 'outputId'],
  find: ['search', 'old', 'old_string', 'oldString', 'old_str', 'old_text', 'oldText', 'before', 'original'],
  replace: ['replacement', 'new', 'new_string', 'newString', 'new_str', 'new_text', 'newText', 'after', 'updated'],
};
/** Models put all arguments into one of these. */
const WRAPPERS = [
  'arguments',
  'args',
  'parameters',
  'params',
  'input',
  'kwargs',
  'tool_input',
  'action_input',
  'properties',
];

export interface ReadArguments {
  readonly args: Arguments;
  /** Names that the tool does not know. */
  readonly unknown: readonly string[];
}

/** Brings what a model wrote as near to the schema as can be done without guessing. */
export function readArguments(written: unknown, schema: ParameterSchema): ReadArguments {
  const { properties = {}, required = [] } = schema;
  const needed = required.length > 0 ? required : Object.keys(properties);
  const given = asRecord(unwrapped(written, properties), needed);
  if (given === null) return { args: {}, unknown: [] };
  const taken = new Set(Object.keys(given).filter((key) => Object.hasOwn(properties, key)));
  const args: Record<string, unknown> = {};
  for (const [name, property] of Object.entries(properties)) {
    const key = Object.hasOwn(given, name) ? name : aliasIn(given, name, taken);
    if (key === undefined) continue;
    taken.add(key);
    const value = name === 'command' ? asLine(given[key]) : coerce(given[key], property);
    // Models write null for what they leave out.
    if (value === null && !required.includes(name)) continue;
    args[name] = value;
  }
  const rest = Object.fromEntries(Object.entries(given).filter(([key]) => !taken.has(key)));
  const spread = spreadItem(rest, schema, args);
  return { args: { ...args, ...spread?.args }, unknown: spread?.unknown ?? Object.keys(rest) };
}

/** A command as a list of words, the way processes are started; of a shell's the line that it is to run. */
function asLine(value: unknown): unknown {
  if (!Array.isArray(value) || value.length === 0 || !value.every((word) => typeof word === 'string')) return value;
  const words: readonly string[] = value;
  const [program = '', flag = '', line] = words;
  if (/(^|\/)(ba|z|da)?sh$/.test(program) && /^-\w*c$/.test(flag) && line !== undefined && words.length === 3)
    return line;
  return words.length === 1 ? program : words.map(quoted).join(' ');
}

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** The fields of the one element of a required list, written beside the list's own place. */
function spreadItem(
  rest: Arguments,
  { properties = {}, required = [] }: ParameterSchema,
  args: Arguments,
): ReadArguments | null {
  const missing = required.filter((name) => !Object.hasOwn(args, name));
  const [only] = missing;
  const items = only === undefined || missing.length > 1 ? undefined : properties[only]?.items;
  if (only === undefined || !items?.required?.length) return null;
  const item = readArguments(rest, items);
  const isWhole = items.required.every((name) => Object.hasOwn(item.args, name));
  return isWhole ? { args: { [only]: [item.args] }, unknown: item.unknown } : null;
}

/** As a model is told them: `{"path": string, "from"?: integer}`. */
export function describeParameters({ properties = {}, required = [] }: ParameterSchema): string {
  const typeOf = ({ type, items, anyOf, ...inner }: PropertySchema): string => {
    if (type === 'array') return `[${typeOf(items ?? {})}]`;
    if (inner.properties) return describeParameters(inner);
    return type ?? anyOf?.map(typeOf).join(' or ') ?? 'any';
  };
  const parts = Object.entries(properties).map(
    ([name, schema]) => `"${name}"${required.includes(name) ? '' : '?'}: ${typeOf(schema)}`,
  );
  return `{${parts.join(', ')}}`;
}

/** What is inside JSON that was written as a text once more, or inside a name for all arguments. */
function unwrapped(written: unknown, properties: NonNullable<ParameterSchema['properties']>): unknown {
  const isMeant = (value: unknown): value is object =>
    isRecord(value) && Object.keys(value).some((key) => isKnown(key, properties));
  const value = typeof written === 'string' && /^\s*\{/.test(written) ? parsed(written) : written;
  if (isMeant(value)) return value;
  const [[key, inner] = [], ...more] = isRecord(value) ? Object.entries(value) : [];
  if (key === undefined || more.length > 0 || !WRAPPERS.includes(key)) return written;
  const content: unknown = typeof inner === 'string' ? parsed(inner) : inner;
  return isMeant(content) ? content : written;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isKnown = (key: string, properties: object): boolean =>
  Object.keys(properties).some((name) => name === key || ALIASES[name]?.includes(key) === true);

function asRecord(written: unknown, needed: readonly string[]): Arguments | null {
  if (isRecord(written)) return { ...written };
  const [only] = needed;
  return only !== undefined && needed.length === 1 ? { [only]: written } : null;
}

function aliasIn(given: Arguments, name: string, taken: ReadonlySet<string>): string | undefined {
  const found = (ALIASES[name] ?? []).filter((alias) => Object.hasOwn(given, alias) && !taken.has(alias));
  return found.length === 1 ? found[0] : undefined;
}

function coerce(value: unknown, schema: PropertySchema): unknown {
  const type = schema.type ?? (schema.anyOf?.some((each) => each.type === 'array') ? 'array' : undefined);
  if (type === 'array') return asList(value, schema);
  if (type === 'object' && schema.properties && isRecord(value)) return withOwnNames(value, schema);
  if (typeof value === 'string') {
    const text = value.trim();
    if ((type === 'integer' || type === 'number') && /^-?\d+(\.\d+)?$/.test(text))
      return withinBounds(Number(text), schema);
    if (type === 'boolean' && /^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
    // One thing said of an object that needs but one.
    if (type === 'object')
      return parsed(text) ?? (schema.required?.length === 1 ? { [schema.required[0] ?? '']: value } : value);
  }
  if (typeof value === 'number' && (type === 'integer' || type === 'number')) return withinBounds(value, schema);
  if (type === 'string' && (typeof value === 'number' || typeof value === 'boolean')) return String(value);
  return value;
}

/** More than there may be means: as much as there may be. */
const withinBounds = (value: number, { maximum = Number.POSITIVE_INFINITY }: PropertySchema): number =>
  Math.min(value, maximum);

/** What the schema does not know stays, for the schema to judge. */
function withOwnNames(value: Arguments, schema: PropertySchema): Arguments {
  const { args, unknown } = readArguments(value, schema);
  return { ...Object.fromEntries(unknown.map((key) => [key, value[key]])), ...args };
}

function asList(value: unknown, schema: PropertySchema): unknown {
  const items = schema.items ?? schema.anyOf?.find((each) => each.type === 'array')?.items ?? {};
  const isText = typeof value === 'string';
  const list = isText ? ((/^\s*\[/.test(value) ? parsed(value) : blocksIn(value, items)) ?? value) : value;
  if (list === null) return null;
  return (Array.isArray(list) ? list : [list])
    .flatMap((item: unknown): readonly unknown[] =>
      typeof item === 'string' ? (blocksIn(item, items) ?? [item]) : [item],
    )
    .map((item: unknown) => coerce(item, items));
}

const BLOCK = /<{5,9} ?SEARCH[ \t]*\n([\s\S]*?)\n?={5,9}[ \t]*\n([\s\S]*?)\n?>{5,9} ?REPLACE/g;

/** The edits of a text that is nothing but SEARCH/REPLACE blocks; null for any other text, or where no edits are asked. */
function blocksIn(text: string, { properties = {} }: PropertySchema): readonly Arguments[] | null {
  if (
    !Object.hasOwn(properties, 'find') ||
    text
      .replace(BLOCK, '')
      .replace(/```\w*/g, '')
      .trim() !== ''
  )
    return null;
  return [...text.matchAll(BLOCK)].map(([, find = '', replace = '']) => ({ find, replace }));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
