/** A tool's parameters (JSON Schema) as the fields of a form, and what was filled in as its arguments. */
import { z } from 'zod';

export type Field = { readonly name: string; readonly hint: string; readonly isRequired: boolean } & (
  | { readonly kind: 'text' | 'number' | 'flag' | 'json' }
  /** A list of objects, each with these fields. */
  | { readonly kind: 'list'; readonly fields: readonly Field[] }
);

export type Filled = string | boolean | readonly Readonly<Record<string, Filled>>[];
export type FilledForm = Readonly<Record<string, Filled>>;

const object = z.object({
  properties: z.record(z.string(), z.unknown()).default({}),
  required: z.array(z.string()).default([]),
});
const property = z.object({
  type: z.string().optional(),
  description: z.string().default(''),
  items: z.unknown().optional(),
});

export function fieldsOf(parameters: unknown): Field[] {
  const parsed = object.safeParse(parameters);
  if (!parsed.success) return [];
  const { properties, required } = parsed.data;
  return Object.entries(properties).map(([name, schema]): Field => {
    const { type, description: hint, items } = property.catch({ description: '' }).parse(schema);
    const about = { name, hint, isRequired: required.includes(name) };
    const fields = type === 'array' ? fieldsOf(items) : [];
    if (fields.length > 0) return { ...about, kind: 'list', fields };
    if (type === 'string') return { ...about, kind: 'text' };
    if (type === 'boolean') return { ...about, kind: 'flag' };
    return { ...about, kind: type === 'number' || type === 'integer' ? 'number' : 'json' };
  });
}

/** What is left empty is left out. Throws SyntaxError where JSON was asked for and something else was filled in. */
export function argumentsOf(fields: readonly Field[], filled: FilledForm): Record<string, unknown> {
  return Object.fromEntries(
    fields.flatMap((field): [string, unknown][] => {
      const value = filled[field.name];
      if (value === undefined || value === '' || value === false)
        return field.isRequired && field.kind === 'text' ? [[field.name, '']] : [];
      if (field.kind === 'list') {
        const items = typeof value === 'object' ? value : [];
        return [[field.name, items.map((item) => argumentsOf(field.fields, item))]];
      }
      if (typeof value !== 'string') return [[field.name, value]];
      if (field.kind === 'number') return [[field.name, Number(value)]];
      return [[field.name, field.kind === 'json' ? JSON.parse(value) : value]];
    }),
  );
}
