import { describe, expect, it } from 'vitest';
import { hashText } from '../../../session/tree.ts';
import { applyEdit } from '../apply-edit.ts';

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
it('takes what stands above the line that a patch names for no sign that it is applied', () => {
  const applied = 'function a() {\n  one();\n  more();\n  two();\n}\n';
  const twin = applied.replace('a()', 'b()');
  const text = '@@ function b\n   one();\n+  more();\n   two();\n';
  expect(refusal(applied + twin.replace('  more();\n', ''), text, 'patch')).toBe(applied + twin);
  expect(refusal(applied.replace('  more();\n', '') + twin, text, 'patch')).toContain('not below');
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
it('refuses a gap that may be a line that was to go, where nothing counts it as context', () => {
  const before = 'alpha one two three\nbeta four five six\ngamma\ndelta seven eight\nepsilon nine\nend\n';
  const hunk = ' alpha one two three\n beta four five six\n delta seven eight\n-epsilon nine\n+epsilon ten\n end\n';
  expect(refusal(before, `@@\n${hunk}`, 'patch')).toContain('0 places');
  expect(refusal(before, `@@ -1,5 +1,5 @@\n${hunk}`)).toContain('0 places');
  const after = before.replace('epsilon nine', 'epsilon ten');
  expect(refusal(before, `@@ -1,6 +1,6 @@\n${hunk}`)).toBe(after);
  const next = '@@ -21,2 +21,2 @@\n-last\n+LAST\n end of all\n';
  const long = `${before}${'filler\n'.repeat(14)}last\nend of all\n`;
  expect(refusal(long, `@@ -1,5 +1,5 @@\n${hunk}${next}`)).toBe(
    long.replace('epsilon nine', 'epsilon ten').replace('last', 'LAST'),
  );
});
it('refuses new lines that would stand deeper than all around them once the drift of the context is undone', () => {
  const before = '[\n    "a",\n    "b",\n]\n';
  expect(refusal(before, '@@\n "a",\n+    "new",\n "b",\n', 'patch')).toContain('agrees with none around');
  expect(refusal(before, '@@\n "a",\n+"new",\n "b",\n', 'patch')).toContain('no indentation');
});
it('refuses new lines that fit as they are, and with the drift undone', () => {
  const before = 'f() {\n    if (a) {\n      b();\n    }\n  }\n';
  const edit = '@@\n     b();\n   }\n+  c();\n }\n';
  expect(refusal(before, edit, 'patch')).toContain('as well as');
});
it('blank lines lose the blanks that every line of the edit got', () => {
  expect(refusal('a\n\nb\n', '@@\n a \n+new \n+ \n  \n b \n', 'patch')).toBe('a\nnew\n\n\nb\n');
});
it('levels of four blanks that became two are told from a shift', () => {
  const before = 'x {\n    /**\n     * a\n     */\n    a();\n}\n';
  const edit = '@@\n   /**\n    * a\n+   * {\n+     * b\n    */\n';
  expect(refusal(before, edit, 'patch')).toContain('Nothing was changed');
});
it('Windows line ends in half of an edit do not get into a file that has none', () => {
  expect(
    refusal(
      'a\nb\nc',
      '@@ -1,3 +1,3 @@\n a\n b\n-c\n\\ No newline at end of file\n+C\r\n+d\r\n\\ No newline at end of file\n',
    ),
  ).toBe('a\nb\nC\nd');
});
it('a diff that git made of this very file is proven by its hash, whatever it looks like', () => {
  const before = 'a {\n}\n';
  const edit = `diff --git a/a.js b/a.js\nindex ${hashText(before).slice(0, 7)}..${hashText('a {\nb {\nc\n}\n').slice(0, 7)} 100644\n--- a/a.js\n+++ b/a.js\n@@ -1,0 +2,2 @@\n+b {\n+c\n`;
  const apply = (text: string) => applyEdit({ 'a.js': before }, { format: 'diff', text });
  expect(apply(edit)).toMatchObject({ ok: true, changes: [{ content: 'a {\nb {\nc\n}\n' }] });
  expect(apply(edit.replace(/^index.*\n/m, ''))).toMatchObject({ ok: false });
});
it('goes by the parts around a line that says that others are left out', () => {
  const before = 'function f() {\n  one();\n  two();\n  three();\n  four();\n}\n';
  const edit =
    '@@\n function f() {\n-  one();\n+  1;\n   // ... existing code ...\n   three();\n-  four();\n+  4;\n }\n';
  expect(refusal(before, edit, 'patch')).toBe(before.replace('one()', '1').replace('four()', '4'));
  expect(refusal(before, '@@\n   // ...\n+  five();\n   // ...\n', 'patch')).toContain('stands for others');
});
it('refuses a remark in place of lines that it stands for', () => {
  const before = 'a();\nb();\nc();\n';
  expect(refusal(before, '@@\n a();\n-b();\n-c();\n+// ... rest of the code unchanged\n', 'patch')).toContain(
    'leaves out',
  );
  const whole = applyEdit(
    { 'a.js': before },
    { format: 'whole', files: [{ path: 'a.js', content: 'A();\n// ... existing code ...\n' }] },
  );
  expect(whole).toMatchObject({ ok: false });
});
describe('a whole file', () => {
  const before = 'class A {\n  one() {}\n  two() {}\n  three() {}\n  four() {}\n}\nend();\n';
  const write = (content: string, path = 'a.js', old = before) => {
    const result = applyEdit({ [path]: old }, { format: 'whole', files: [{ path, content }] });
    return result.ok ? result.changes[0]?.content : result.error;
  };
  it.each(['// (rest of code remains the same)', '...', '/* ... */', '  // other methods omitted', '# [snip]'])(
    'in which "%s" stands for lines is refused',
    (mark) => {
      expect(write(`class A {\n  ONE() {}\n  two() {}\n${mark}\n}\nend();\n`)).toContain('it leaves out');
    },
  );
  it('may have dots that stand for nothing', () => {
    const stub = 'def f():\n    return 1\n\ndef g():\n    return 2\n';
    expect(write(stub.replace('return 1', '...'), 'a.py', stub)).toContain('    ...\n');
    expect(write(`${before}// the rest of a comment\n`)).toContain('comment');
  });
  it('that ends in the middle of the old one is refused', () => {
    expect(write('class A {\n  ONE() {}\n  two() {}')).toContain('cut off');
    expect(write('class A {\n  ONE() {}\n  two() {}\n  thr')).toContain('cut off');
    expect(write(before.replace('one', 'ONE').trimEnd())).toContain('ONE');
  });
  it('with line numbers is refused', () => {
    const shown = before
      .replace('{\n', '{\n\n')
      .split('\n')
      .map((line, at) => `${at + 1}\t${line}`);
    expect(write(shown.join('\n'))).toContain('numbers');
    expect(
      write(
        before
          .split('\n')
          .map((line, at) => `${at + 1}| ${line}`)
          .join('\n'),
      ),
    ).toContain('numbers');
  });
});
describe('a replacement', () => {
  const before =
    'f(ms) {\n  if (ms > 60) {\n    return round(ms);\n  }\n  if (ms > 10) {\n    return floor(ms);\n  }\n  return ms;\n}\n';
  const find = before.slice(before.indexOf('  if'), -2);
  const write = (replace: string, path = 'a.js') => {
    const result = applyEdit({ [path]: before }, { format: 'replace', replacements: [{ path, find, replace }] });
    return result.ok ? String(result.changes[0]?.content) : result.error;
  };
  it.each([
    '// ...',
    '/* ... */',
    '{/* ... */}',
    '...',
    '// ⋮',
    '# …',
    '// ... handle tens ...',
    '/* unchanged */',
    '// [unchanged]',
    '// same as before',
    '// keep the rest',
    '// TODO: rest of implementation',
    '// remaining code',
    '// <existing code>',
    '// snip',
    '// etc.',
  ])('in which "%s" stands for lines is refused', (mark) => {
    expect(write(`  if (ms > 60) {\n    return ceil(ms);\n  }\n  ${mark}\n  return ms;\n`)).toContain('as if it stood');
    expect(write(`  if (ms > 60) {\n    return ceil(ms);\n  }\n  ${mark}\n`)).toContain('as if it stood');
  });
  it.each(['// ...', '...'])('in which "%s" stands for lines is refused though its new line stands below', (mark) => {
    expect(write(`  if (ms > 60) {\n    return floor(ms);\n  }\n  ${mark}\n  return ms;\n`)).toContain(
      'as if it stood',
    );
  });
  it.each([
    ['// other units are not known\n  return ms;'],
    ['if (ms > 60) return round(ms);\n  // the rest\n  return ms > 10 ? floor(ms) : ms;'],
    ['// ...and no more than that\n  return ms;'],
    ['return known(...all) ?? ms;'],
  ])('may say %j', (replace) => {
    const wanted = before.replace(find, () => `  ${replace}\n`);
    expect(write(`  ${replace}\n`)).toBe(wanted);
  });
  it.each(['8\t  return -ms;', '    8\t  return -ms;', '8|  return -ms;', '8→  return -ms;', '8 |   return -ms;'])(
    'that begins with the number of its line is refused: %j',
    (line) => {
      const edit = { path: 'a.js', find: '  return ms;\n}', replace: `${line}\n}` };
      const result = applyEdit({ 'a.js': before }, { format: 'replace', replacements: [edit] });
      expect(result).toMatchObject({ ok: false, error: expect.stringContaining('number of its line') });
    },
  );
  it('may begin with a number that is that of no line', () => {
    const edit = { path: 'a.tsv', find: 'x', replace: '700\tx' };
    expect(applyEdit({ 'a.tsv': 'x\n' }, { format: 'replace', replacements: [edit] })).toMatchObject({ ok: true });
  });
  it('may have dots in prose, and in the place of a body in Python', () => {
    expect(write('  ...\n', 'a.md')).toBe('f(ms) {\n  ...\n}\n');
    const stub = 'def f():\n    one()\n    two()\n\ndef g():\n    pass\n';
    const patch = '@@\n def f():\n-    one()\n-    two()\n+    ...\n';
    expect(
      applyEdit(
        { 'a.py': stub },
        { format: 'patch', text: `*** Begin Patch\n*** Update File: a.py\n${patch}*** End Patch\n` },
      ),
    ).toMatchObject({ ok: true });
  });
});
it('refuses line breaks that are written as letters, outside of quotes', () => {
  expect(refusal('a();\nb();\n', '@@\n a();\n+if (c) {\\n  d();\\n}\n b();\n', 'patch')).toContain('written as');
  expect(refusal('a();\nb();\n', '@@\n a();\n+log("x;\\n  y");\n b();\n', 'patch')).toContain('log(');
});
it('a change of white space alone is not applied before', () => {
  const patch = '@@\n {\n-\ta\n-\tb\n+  a\n+  b\n }\n';
  expect(refusal('{\n\ta\n\tb\n}\n', patch, 'patch')).toBe('{\n  a\n  b\n}\n');
});
it('sees that lines were put in before, above those that it shows', () => {
  expect(refusal('new\n\nold\nend\n', '@@\n+new\n+\n old\n end\n', 'patch')).toContain('applied already');
  expect(refusal('\nnew\n\nold\nend\n', '@@\n \n+new\n+\n old\n end\n', 'patch')).toContain('applied already');
});
it('a place that fits but for its indentation is none where nearly the same stands as deep as it is written', () => {
  const twins = 'f:\n  one()\n  TWO()\n  three()\ng:\n    one()\n    two()\n    three()\n';
  const patch = '@@\n   one()\n-  two()\n+  2()\n   three()\n';
  expect(refusal(twins, patch, 'patch')).toContain('line 2 holds nearly the same');
});
it('a place right below the one that the header names is none where that has changed', () => {
  const block = (name: string) => `  {\n    ${name}: "value",\n    to: "@script"\n  }\n],\n`;
  const before = `start\n${block('zzzen')}${block('token')}end\n`;
  const patch = '@@ -2,4 +2,5 @@\n   {\n     token: "value",\n     to: "@script"\n+    more: 1\n   }\n';
  expect(refusal(before, patch)).toContain('which its header names, holds nearly the same');
  expect(refusal(before, patch.replace('-2,4 +2,5', '-7,4 +7,5'))).toContain('more: 1');
});
it('refuses lines above a byte order mark', () => {
  expect(refusal('\uFEFFa\nb\n', '@@ -1,2 +1,3 @@\n+new\n \uFEFFa\n b\n')).toContain('byte order mark');
});
it('code in comments, and openers that the file does not indent under, show no lost indentation', () => {
  expect(refusal('/**\n * x\n */\n', '@@\n /**\n+ * f({\n+ *   a,\n+ * })\n  * x\n', 'patch')).toContain('f({');
  const before = 'namespace a {\n\nclass A;\n\n}\nend\n';
  expect(refusal(before, '@@\n }\n+namespace b {\n+class B;\n+}\n end\n', 'patch')).toContain('class B;\n}\nend');
});
