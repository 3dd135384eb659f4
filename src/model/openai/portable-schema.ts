/**
 * The part of JSON Schema that every host understands. Others refuse a request for a keyword they do not know (Gemini's `$schema` and
 * `exclusiveMinimum`, grammars of local servers on large bounds). The tools check their arguments themselves, by the whole schema.
 */
const KEPT = ['type', 'description', 'enum', 'required'] as const;

export function portableSchema(schema: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const key of KEPT) if (schema[key] !== undefined) result[key] = schema[key];
  if ('const' in schema) Object.assign(result, { enum: [schema.const] });
  if (isRecord(schema.properties)) {
    const properties = Object.entries(schema.properties).map(([name, value]) => [name, portable(value)]);
    result.properties = Object.fromEntries(properties);
  }
  if (schema.items !== undefined) result.items = portable(schema.items);
  const choices = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(choices)) result.anyOf = choices.map(portable);
  if (result.type === 'object') result.properties ??= {};
  return result;
}

const portable = (value: unknown): unknown => (isRecord(value) ? portableSchema(value) : value);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
