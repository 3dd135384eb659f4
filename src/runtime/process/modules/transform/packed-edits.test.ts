import { expect, test } from 'vitest';
import type { Edit } from './edits.ts';
import { packScript, unpackScript } from './packed-edits.ts';

test('edits come back as they were, in their order, those at one place too', () => {
  const edits: Edit[] = [
    { start: 5, end: 11, text: 'load' },
    { start: 40, end: 40, text: 'a(', mark: { at: 1, original: 33 } },
    { start: 52, end: 52, text: ')' },
    { start: 52, end: 52, text: ')' },
    { start: 2, end: 2, text: 'a(' },
  ];
  expect(unpackScript(packScript({ edits, usesDynamicImport: true }))).toEqual({ edits, usesDynamicImport: true });
});
