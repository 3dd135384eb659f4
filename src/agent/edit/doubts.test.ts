import { expect, it } from 'vitest';
import { applyEdit } from './apply-edit.ts';

const refusal = (before: string, text: string, format: 'diff' | 'patch' = 'diff') => {
  const head = '--- a/a.js\n+++ b/a.js\n';
  const whole = format === 'diff' ? head + text : `*** Begin Patch\n*** Update File: a.js\n${text}*** End Patch\n`;
  const result = applyEdit({ 'a.js': before }, { format, text: whole });
  return result.ok ? result.changes[0]?.content : result.error;
};

it('refuses what is applied where the header says, though its lines stand elsewhere, too', () => {
  const tail = Array.from({ length: 20 }, (_, at) => `// ${at}\n`).join('');
  const applied = `a\nb\nnew\nc\nd\n${tail}a\nb\nc\nd\n`;
  expect(refusal(applied, '@@ -1,4 +1,5 @@\n a\n b\n+new\n c\n d\n')).toContain('applied already');
  const without = `a\nb\nc\nd\n${tail}a\nb\nold\nc\nd\n`;
  expect(refusal(without, '@@ -1,5 +1,4 @@\n a\n b\n-old\n c\n d\n')).toContain('applied already');
});
it('refuses a wrap that is applied already and fits its own inside', () => {
  expect(refusal('if (a) {\n  go();\n}\n', '@@ -1 +1,3 @@\n-go();\n+if (a) {\n+  go();\n+}\n')).toContain(
    'applied already',
  );
});
it('refuses new lines above the first removed one where the number speaks of a line that is lost', () => {
  expect(refusal('a\nb\nc\nd\n', '@@ -1,2 +1,3 @@\n+new\n-b\n+B\n c\n')).toContain('one side only');
});
it('refuses a comment and a Python block whose insides lost their indentation', () => {
  expect(refusal('a\nb\n', '@@\n a\n+/*\n+* text\n+*/\n b\n', 'patch')).toContain('lost their indentation');
  expect(refusal('a\nb\n', '@@\n a\n+def f(x):\n+return x\n b\n', 'patch')).toContain('lost their indentation');
});
it('refuses an exact hunk with a twin when another hunk has drifted', () => {
  const before = 'one();\ntwo();\n\nif (a) {\n  x();\n  y();\n}\nif (b) {\n    x();\n    y();\n}\n';
  const edit = '@@ @@\n-    one();\n+    1;\n     two();\n@@ @@\n     x();\n+    new();\n     y();\n';
  expect(refusal(before, edit)).toContain('places');
});
it('refuses new lines like those that have blanks at their ends, when such blanks were lost', () => {
  const before = 'const total = add(first, second); \na\n\nb\n';
  expect(refusal(before, '@@ -2,3 +2,4 @@\n a\n\n+const total = add(first, third);\n b\n')).toContain('line ends');
});
it('refuses a new line that ends like lines that all have blanks at their ends, when such blanks were lost', () => {
  const before = 'first(); \nsecond(); \n\nend\nmore\n';
  expect(refusal(before, '@@ -2,4 +2,5 @@\n second();\n \n end\n+unlike[0] = null;\n more\n')).toMatch(
    /line ends|ends of lines/,
  );
});
it('refuses a new line with plain and fine dashes among fine ones that were plain', () => {
  const before = "a = 'x';\nb = 1;\n";
  expect(refusal(before, "@@ -1,2 +1,3 @@\n a = ’x’;\n+c = /['’]/;\n b = 1;\n")).toContain('plain and fine');
});
it('refuses tabs against spaces in a file that indents with both', () => {
  const before = 'a {\n\tx();\n\ty();\n}\nb {\n    z();\n}\n';
  expect(refusal(before, '@@ -1,4 +1,5 @@\n a {\n     x();\n+    new();\n     y();\n }\n')).toContain('tabs here');
});
it('refuses Windows line ends for a file without any', () => {
  expect(refusal('a', '@@ -1 +1,2 @@\r\n-a\r\n+b\r\n+c\r\n')).toContain('no line break');
});
it('keeps the carriage return of a last line without a line break in a file that mixes both', () => {
  expect(refusal('a\r\nb\n', '@@ -1,2 +1,2 @@\n a\r\n-b\n+c\r\n\\ No newline at end of file\n')).toBe('a\r\nc\r');
});
