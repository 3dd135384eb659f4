/** Values between tags: text as it is, lists by repeated tags, everything else as JSON. */

/** The parts of JSON Schema that say how a value is written. */
export interface ValueSchema {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, ValueSchema>>;
  readonly required?: readonly string[];
  readonly items?: ValueSchema;
  readonly anyOf?: readonly ValueSchema[];
}

/** Values whose last line break belongs to them: a file ends with one. */
const WHOLE = new Set(['content', 'patch', 'diff']);

/** A text that begins on the line after its tag ends on the line before its end. */
export function readBlock(name: string, raw: string): string {
  const isBlock = /^[ \t]*\r?\n/.test(raw);
  if (!isBlock) return raw;
  const text = raw.replace(/^[ \t]*\r?\n/, '');
  return WHOLE.has(name) ? text : text.replace(/\r?\n[ \t]*$/, '');
}

/** The reverse of {@link readBlock}. */
export function writeBlock(name: string, text: string): string {
  if (!text.includes('\n')) return text;
  return WHOLE.has(name) ? `\n${text}` : `\n${text}\n`;
}

/** JSON, or the text itself when it is none. */
export function readScalar(raw: string): unknown {
  const text = raw.trim();
  if (/^(True|False|None)$/.test(text)) return { True: true, False: false, None: null }[text];
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

/** What a value is to be read as: of several, a text when one of them is. */
export function resolve(schema: ValueSchema | undefined): ValueSchema {
  const choices = schema?.anyOf;
  if (!choices) return schema ?? {};
  return (
    choices.find(({ type }) => type === 'array') ?? choices.find(({ type }) => type === 'string') ?? choices[0] ?? {}
  );
}
