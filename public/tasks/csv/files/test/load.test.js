import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadTable } from '../src/load.js';
import { parseTable } from '../src/table.js';

test('a file with quotes', async () => {
  assert.deepEqual(await loadTable(new URL('./data/people.csv', import.meta.url)), [
    { name: 'Ada', city: 'London, Marylebone', age: 36, note: 'wrote "Note G"' },
    { name: 'Grace', city: 'New York', age: 85, note: '' },
  ]);
});
test('a row with too few fields', () => assert.throws(() => parseTable('a,b\n1'), /row 2 has 1 fields, the header has 2/));
