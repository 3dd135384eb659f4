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
interface PropertySchema {
  readonly type?: string;
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
  content: ['contents', 'text', 'code'],
  steps: ['plan', 'todos', 'items'],
  question: ['text', 'prompt', 'message'],
  summary: ['explanation', 'message', 'result', 'text', 'reason'],
  explanation: ['reason', 'summary', 'message', 'text'],
  id: ['output', 'output_id', 'outputId'],
};

export interface ReadArguments {
  readonly args: Arguments;
  /** Names that the tool does not know. */
  readonly unknown: readonly string[];
}

/** Brings what a model wrote as near to the schema as can be done without guessing. */
export function readArguments(written: unknown, { properties = {}, required = [] }: ParameterSchema): ReadArguments {
  const given = asRecord(unquoted(written, properties), required);
  if (given === null) return { args: {}, unknown: [] };
  const taken = new Set(Object.keys(given).filter((key) => Object.hasOwn(properties, key)));
  const args: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(properties)) {
    const key = Object.hasOwn(given, name) ? name : aliasIn(given, name, taken);
    if (key === undefined) continue;
    taken.add(key);
    const value = coerce(given[key], schema);
    // Models write null for what they leave out.
    if (value === null && !required.includes(name)) continue;
    args[name] = value;
  }
  return { args, unknown: Object.keys(given).filter((key) => !taken.has(key)) };
}

/** As a model is told them: `{"path": string, "from"?: integer}`. */
export function describeParameters({ properties = {}, required = [] }: ParameterSchema): string {
  const typeOf = ({ type, items, anyOf }: PropertySchema): string =>
    type === 'array' ? `[${typeOf(items ?? {})}]` : (type ?? anyOf?.map(typeOf).join(' or ') ?? 'any');
  const parts = Object.entries(properties).map(
    ([name, schema]) => `"${name}"${required.includes(name) ? '' : '?'}: ${typeOf(schema)}`,
  );
  return `{${parts.join(', ')}}`;
}

/** JSON that was written as a text once more. */
function unquoted(written: unknown, properties: NonNullable<ParameterSchema['properties']>): unknown {
  if (typeof written !== 'string' || !/^\s*\{/.test(written)) return written;
  const value = parsed(written);
  const isMeant =
    typeof value === 'object' && value !== null && Object.keys(value).some((key) => isKnown(key, properties));
  return isMeant ? value : written;
}

const isKnown = (key: string, properties: object): boolean =>
  Object.keys(properties).some((name) => name === key || ALIASES[name]?.includes(key) === true);

function asRecord(written: unknown, required: readonly string[]): Arguments | null {
  if (typeof written === 'object' && written !== null && !Array.isArray(written)) return { ...written };
  const [only] = required;
  return only !== undefined && required.length === 1 ? { [only]: written } : null;
}

function aliasIn(given: Arguments, name: string, taken: ReadonlySet<string>): string | undefined {
  const found = (ALIASES[name] ?? []).filter((alias) => Object.hasOwn(given, alias) && !taken.has(alias));
  return found.length === 1 ? found[0] : undefined;
}

function coerce(value: unknown, schema: PropertySchema): unknown {
  const type = schema.type ?? (schema.anyOf?.some((each) => each.type === 'array') ? 'array' : undefined);
  if (type === 'array') return asList(value, schema);
  if (typeof value === 'string') {
    const text = value.trim();
    if ((type === 'integer' || type === 'number') && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
    if (type === 'boolean' && /^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
    if (type === 'object') return parsed(text) ?? value;
  }
  if (type === 'string' && (typeof value === 'number' || typeof value === 'boolean')) return String(value);
  return value;
}

function asList(value: unknown, schema: PropertySchema): unknown {
  const list = typeof value === 'string' && /^\s*\[/.test(value) ? (parsed(value) ?? value) : value;
  if (list === null) return null;
  const items = schema.items ?? schema.anyOf?.find((each) => each.type === 'array')?.items ?? {};
  return (Array.isArray(list) ? list : [list]).map((item: unknown) => coerce(item, items));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
