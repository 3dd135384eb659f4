import { expect, it } from 'vitest';
import { applyEdits } from '../edit/apply-edit.ts';
import { parseEdits } from '../edit/parse-edits.ts';
import { EDIT_FORMATS } from './edit-formats.ts';

const CART = `export function total(items, discount) {
  const total = add(items);
  return total - discount;
}
`;

it.each(Object.entries(EDIT_FORMATS))('the example of %s is an edit that applies', (format, text) => {
  const parsed = parseEdits(text);
  if (!parsed.ok) throw new Error(parsed.error);
  expect(parsed.edits.map((edit) => edit.format)).toEqual([format]);
  const result = applyEdits({ 'src/cart.js': CART }, parsed.edits);
  const content =
    format === 'whole' ? 'export const zero = 0;\n' : CART.replace('total - discount', 'total * (1 - discount)');
  expect(result).toMatchObject({ ok: true, changes: [{ content }] });
});
