import { expect, it } from 'vitest';
import { replaceExactly } from './replace.ts';

const edit = (text: string, ...pairs: [string, string][]) =>
  replaceExactly(
    text,
    pairs.map(([find, replace]) => ({ find, replace })),
  );

it('replaces several parts at once, against the text as it was', () => {
  expect(edit('a b c', ['a', 'b'], ['c', '$&'])).toEqual({ ok: true, text: 'b b $&' });
});
it('keeps Windows line ends', () => {
  expect(edit('a\r\nb\r\n', ['a\nb', 'c\nd'])).toEqual({ ok: true, text: 'c\r\nd\r\n' });
});
it('names the lines of a text that is there more than once', () => {
  expect(edit('x\ny\nx\n', ['x', 'z'])).toMatchObject({
    ok: false,
    error: expect.stringContaining('2 times (lines 1, 3)'),
  });
});
it('shows the nearest lines of a text that is not there', () => {
  const result = edit('const total = 1;\nreturn 2;\n', ['const totals = 1;', '']);
  expect(result).toMatchObject({ ok: false, error: expect.stringContaining('1: const total = 1;') });
});
it('refuses overlaps and edits that change nothing', () => {
  expect(edit('abc', ['ab', 'x'], ['bc', 'y']).ok).toBe(false);
  expect(edit('abc', ['a', 'a']).ok).toBe(false);
});
