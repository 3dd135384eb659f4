import { expect, it } from 'vitest';
import { applyEdit } from './apply-edit.ts';

const edit = (text: string, ...pairs: [string, string][]) => {
  const replacements = pairs.map(([find, replace]) => ({ path: 'a.js', find, replace }));
  const result = applyEdit({ 'a.js': text }, { format: 'replace', replacements });
  return result.ok ? result.changes[0]?.content : { error: result.error };
};
const refused = (message: string) => ({ error: expect.stringContaining(message) });

it('replaces several parts at once, against the text as it was', () => {
  expect(edit('a b c', ['a', 'b'], ['c', '$&'])).toBe('b b $&');
});
it('keeps Windows line ends', () => {
  expect(edit('a\r\nb\r\n', ['a\nb', 'c\nd'])).toBe('c\r\nd\r\n');
  expect(edit('a\r\nb\r\n', ['a', 'c\nd'])).toBe('c\r\nd\r\nb\r\n');
});
it('refuses new lines without the indentation of the line that it finds', () => {
  expect(edit('  {\n    go();\n  }\n', ['go();', 'if (a) {\n  go();\n}'])).toEqual(refused('less indentation'));
  expect(edit('    go();\n', ['go();', 'go();\n    on();'])).toBe('    go();\n    on();\n');
});
it('takes lines that differ in their ends alone for the same lines', () => {
  expect(edit('a\r\nb\r\nx\na\nb\n', ['a\nb', 'c'])).toEqual(refused('but for the line ends, `find` occurs 2 times'));
  expect(edit('a\r\nb\r\nx\na\nb\n', ['x\na\nb', 'c'])).toBe('a\r\nb\r\nc\n');
});
it('leaves a line break whole of which it finds a half', () => {
  expect(edit('a\r\nb\r\n', ['\nb', '\nc'])).toBe('a\r\nc\r\n');
  expect(edit('a\r\nb\r\n', ['a\r', 'c\nd'])).toBe('c\r\nd\r\nb\r\n');
  expect(edit('a\r\nb\r\n', ['\n', ' '])).toEqual(refused('2 times'));
  expect(edit('a\r\nb', ['\n', ' '])).toBe('a b');
});
it('puts in the blank line that ends the new lines, where the file has none there', () => {
  const file = 'a {\n  one\n}\nb {\n}\n';
  expect(edit(file, ['  one\n}\n', '  two\n}\n\n'])).toBe('a {\n  two\n}\n\nb {\n}\n');
  expect(edit(file.replaceAll('\n', '\r\n'), ['  one\n}\n', '  two\n}\n\n'])).toBe(
    'a {\r\n  two\r\n}\r\n\r\nb {\r\n}\r\n',
  );
  expect(edit('one\n\nend\n', ['one\n', 'two\none\n\n'])).toEqual(refused('as many line breaks'));
  expect(edit('end\none\n', ['one\n', 'two\none\n\n'])).toEqual(refused('as many line breaks'));
});
it.each([
  ['moves the next line', 'a\n  one\n  two\n', 'one\n', '', 'the next line would be moved'],
  ['joins the next line', 'one\ntwo\n', 'one\n', 'three', '`find` ends with a line break'],
  ['puts in a blank line', 'one\ntwo\n', 'one', 'three\n', '`replace` ends with a line break'],
  ['joins the line above', 'one\ntwo\n', '\ntwo', 'three', '`find` begins with a line break'],
  ['puts in a blank line above', 'one\n  two\n', 'two', '\n  three', '`replace` begins with a line break'],
  ['indents twice', 'if x:\n  one()\n', 'one()', '  two()', 'would stand there twice'],
  ['takes the first line out', 'if x:\n  one()\n', '  one()', 'two()', 'begin both the same way'],
  ['doubles a blank', 'a = b;\n', 'b', ' c', 'a blank that the file has'],
  [
    'doubles the line that follows',
    'one();\nassert(result);\n',
    'one();',
    'two();\nassert(result);',
    'follows in the file (2)',
  ],
  ['loses a blank line', 'one\ntwo\n\nend\n', 'one\ntwo\n\n', 'three\ntwo\n', 'as many line breaks'],
  ['joins two words', 'return c;\n', ' c', 'd', 'two words would be joined'],
  ['closes twice', 'f(() => {\n});\n', 'f(() => {', 'g(() => {\n});', 'follows in the file (2)'],
  [
    'moves the line that both begin with',
    'a:\n  b:\n    c: 1\n',
    '  b:\n    c: 1',
    'b:\n    c: 1\n    d: 2',
    'same indentation',
  ],
  [
    'doubles the line that follows drifted ones',
    "f();\ng('x');\nend();\n",
    'f();\ng(‘x’);',
    "f();\ng('y');\nend();",
    'the one that follows',
  ],
  ['unwraps lines without indentation', '  if (a) {\n    b();\n  }\n', 'if (a) {\nb();\n}', 'b();', 'no indentation'],
  ['takes drifted lines out', "if x:\n  a = 'b'\n", '  a = ‘b’', "c = 'd'", 'begin both the same way'],
  ['was applied before', 'b();\na();\n', 'a();\n', 'b();\na();\n', 'applied already'],
])('refuses what only one of its two texts has at an end: %s', (_, text, find, replace, reason) => {
  expect(edit(text, [find, replace])).toEqual(refused(reason));
});
it('knows one byte order mark', () => {
  expect(edit('\uFEFFa\nb\n', ['a', '\uFEFFc'])).toBe('\uFEFFc\nb\n');
});
it('takes what is one-sided as meant where nothing else changes', () => {
  expect(edit('one\ntwo\n', ['one\n', 'one'])).toBe('onetwo\n');
  expect(edit('one\ntwo\n', ['one', 'one\n'])).toBe('one\n\ntwo\n');
  expect(edit('{\na\n', ['a', '  a'])).toBe('{\n  a\n');
  expect(edit('one\ntwo\n', ['one\n', ''])).toBe('two\n');
});
it('names the lines of a text that is there more than once', () => {
  expect(edit('x\ny\nx\n', ['x', 'z'])).toEqual(refused('2 times (lines 1, 3)'));
});
it('shows the nearest lines of a text that is not there', () => {
  expect(edit('const total = 1;\nreturn 2;\n', ['const totals = 1;', ''])).toEqual(refused('1: const total = 1;'));
});
it('refuses overlaps, empty finds and edits that change nothing', () => {
  expect(edit('abc', ['ab', 'x'], ['bc', 'y'])).toEqual(refused('change the same lines'));
  expect(edit('abc', ['', 'a'])).toEqual(refused('empty'));
  expect(edit('abc', ['a', 'a'])).toEqual(refused('changes nothing'));
});
it('changes several files or none', () => {
  const files = { 'a.js': 'a', 'b.js': 'b' };
  const both = (find: string) =>
    applyEdit(files, {
      format: 'replace',
      replacements: [
        { path: 'a.js', find: 'a', replace: '1' },
        { path: './b.js', find, replace: '2' },
      ],
    });
  expect(both('b')).toMatchObject({
    ok: true,
    changes: [
      { path: 'a.js', content: '1' },
      { path: 'b.js', content: '2' },
    ],
  });
  expect(both('c')).toMatchObject({ ok: false, error: expect.stringContaining('b.js: `find` does not occur') });
});
it.each(['/etc/passwd', '../a.js', 'x/../../a.js', 'C:\\a.js'])('refuses a path outside the project: %s', (path) => {
  const result = applyEdit({ 'a.js': 'a' }, { format: 'replace', replacements: [{ path, find: 'a', replace: 'b' }] });
  expect(result).toMatchObject({ ok: false, error: expect.stringContaining('leaves the project') });
});
