import { describe, expect, it } from 'vitest';
import { applyEdits } from './apply-edit.ts';
import { editsFromData } from './edit-from-data.ts';
import { parseEdits } from './parse-edits.ts';
import { Refusal } from './refusal.ts';

const CART = `import { add } from './add.js';

export class Cart {
  constructor() {
    this.items = [];
  }

  total() {
    const sum = add(this.items);
    return sum;
  }

  clear() {
    this.items = [];
  }
}
`;
const files = { 'src/cart.js': CART, 'README.md': '# Cart\n' };

/** The changed files; an error as its text. */
function run(format: string, edit: unknown, on: Record<string, string> = files): Record<string, unknown> | string {
  try {
    const result = applyEdits(on, editsFromData(on, format, edit));
    return result.ok ? Object.fromEntries(result.changes.map(({ path, content }) => [path, content])) : result.error;
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}
const changed = { 'src/cart.js': CART.replace('return sum;', 'return sum * 2;') };

const HUNK = `   total() {
     const sum = add(this.items);
-    return sum;
+    return sum * 2;
   }
 
`;

describe('unified diff', () => {
  const heads = [
    ['right numbers', '--- a/src/cart.js\n+++ b/src/cart.js\n@@ -8,5 +8,5 @@\n'],
    ['wrong numbers', '--- a/src/cart.js\n+++ b/src/cart.js\n@@ -80,5 +80,5 @@\n'],
    ['wrong counts', '--- a/src/cart.js\n+++ b/src/cart.js\n@@ -8,2 +8,3 @@\n'],
    ['no numbers', '--- a/src/cart.js\n+++ b/src/cart.js\n@@ @@\n'],
    ['bare @@', '--- a/src/cart.js\n+++ b/src/cart.js\n@@\n'],
    ['no prefixes', '--- src/cart.js\n+++ src/cart.js\n@@ -8,5 +8,5 @@\n'],
    ['timestamps', '--- src/cart.js\t2026-01-01\n+++ src/cart.js\t2026-01-02\n@@ -8,5 +8,5 @@\n'],
    [
      'git',
      'diff --git a/src/cart.js b/src/cart.js\nindex 1234567..89abcde 100644\n--- a/src/cart.js\n+++ b/src/cart.js\n@@ -8,5 +8,5 @@ export class Cart {\n',
    ],
    ['prose and a fence', 'Here it is:\n\n```diff\n--- a/src/cart.js\n+++ b/src/cart.js\n@@ -8,5 +8,5 @@\n'],
  ] as const;
  it.each(heads)('%s', (name, head) => {
    const tail = name.includes('fence') ? '```\n\nThat was it.\n' : '';
    expect(run('diff', head + HUNK + tail)).toEqual(changed);
  });
  const head = '--- a/src/cart.js\n+++ b/src/cart.js\n@@ -8,5 +8,5 @@\n';
  it('blank context lines without their space', () => {
    expect(run('diff', head + HUNK.replace('\n \n', '\n\n'))).toEqual(changed);
  });
  it('indentation that was lost comes back', () => {
    expect(run('diff', head + HUNK.replace(/^([ +-]) {2}/gm, '$1'))).toEqual(changed);
    expect(run('diff', head + HUNK.replace(/^([ +-])/gm, '$1    '))).toEqual(changed);
  });
  it('tabs against spaces', () => {
    const tabbed = (text: string) => text.replace(/^(?: {2})+/gm, (blanks) => '\t'.repeat(blanks.length / 2));
    const on = { 'src/cart.js': tabbed(CART) };
    expect(run('diff', head + HUNK, on)).toEqual({
      'src/cart.js': tabbed(CART).replace('return sum;', 'return sum * 2;'),
    });
  });
  it('Windows line endings, a byte order mark and a missing last line break stay', () => {
    const windows = `\uFEFF${CART.trimEnd().replaceAll('\n', '\r\n')}`;
    const edit =
      "--- a/src/cart.js\n+++ b/src/cart.js\n@@ -1,2 +1,3 @@\n-import { add } from './add.js';\n+import { add } from './sum.js';\n+import 'x';\n \n@@ -15,2 +16,3 @@\n   }\n }\n+// end\n";
    expect(run('diff', edit, { 'src/cart.js': windows })).toEqual({
      'src/cart.js': `${windows.replace("./add.js';", "./sum.js';\r\nimport 'x';")}\r\n// end`,
    });
  });
  it('"\\ No newline" adds and removes the last line break', () => {
    const open = { 'a.txt': 'a\nb' };
    expect(
      run('diff', '--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n', open),
    ).toEqual({ 'a.txt': 'a\nb\n' });
    expect(
      run('diff', '--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,2 @@\n a\n-b\n+b\n\\ No newline at end of file\n', {
        'a.txt': 'a\nb\n',
      }),
    ).toEqual({ 'a.txt': 'a\nb' });
  });
  it('creates, deletes, renames and copies', () => {
    expect(
      run(
        'diff',
        'diff --git a/x.js b/x.js\nnew file mode 100644\n--- /dev/null\n+++ b/x.js\n@@ -0,0 +1,2 @@\n+1\n+2\n',
      ),
    ).toEqual({ 'x.js': '1\n2\n' });
    expect(run('diff', '--- a/README.md\n+++ /dev/null\n@@ -1 +0,0 @@\n-# Cart\n')).toEqual({ 'README.md': null });
    expect(run('diff', '--- a/README.md\n+++ /dev/null\n@@ -1 +0,0 @@\n-# Other\n')).toContain('other content');
    const rename =
      'diff --git a/README.md b/docs/a b.md\nsimilarity index 50%\nrename from README.md\nrename to docs/a b.md\n';
    expect(run('diff', rename)).toEqual({ 'README.md': null, 'docs/a b.md': '# Cart\n' });
    expect(run('diff', `${rename}--- a/README.md\n+++ b/docs/a b.md\t\n@@ -1 +1 @@\n-# Cart\n+# Shop\n`)).toEqual({
      'README.md': null,
      'docs/a b.md': '# Shop\n',
    });
    expect(run('diff', 'diff --git a/README.md b/x.md\ncopy from README.md\ncopy to x.md\n')).toEqual({
      'x.md': '# Cart\n',
    });
  });
  it.each([
    [
      'removed lines that are not there',
      head + HUNK.replace('return sum;', 'return total;'),
      'do not stand in the file (0 places)',
    ],
    [
      'context that contradicts',
      head + HUNK.replace('const sum', 'const total'),
      'do not stand in the file (0 places)',
    ],
    [
      'a place that is not the only one',
      '--- a/src/cart.js\n+++ b/src/cart.js\n@@ @@\n-    this.items = [];\n+    this.items = null;\n',
      'match 2 places (lines 5, 14)',
    ],
    [
      'what is applied already',
      head +
        HUNK.replace('-    return sum;', '-    return sum * 2;').replace('+    return sum * 2;', '+    return sum;'),
      'applied already',
    ],
    [
      'only new lines and no context',
      '--- a/src/cart.js\n+++ b/src/cart.js\n@@ -8,0 +9 @@\n+// here\n',
      'shows no line of the file',
    ],
    ['a missing file', head.replaceAll('cart.js', 'shop.js') + HUNK, 'There is no file "src/shop.js"'],
    ['a new file that is there', '--- /dev/null\n+++ b/README.md\n@@ -0,0 +1 @@\n+x\n', 'exists already'],
    ['a path outside', '--- a/../x\n+++ b/../x\n@@ -1 +1 @@\n-a\n+b\n', 'leaves the project'],
    ['a hunk that changes nothing', '--- a/README.md\n+++ b/README.md\n@@ -1 +1 @@\n # Cart\n', 'changes nothing'],
    ['a hunk that is cut off', head.replace('-8,5 +8,5', '-8,7 +8,9') + HUNK.replace(/ {3}\}\n \n$/, ''), 'cut off'],
  ])('refuses %s', (_, edit, reason) => {
    expect(run('diff', edit)).toContain(reason);
  });
  it('changes no file when one hunk of one file does not fit', () => {
    const edit = `${head}${HUNK}--- a/README.md\n+++ b/README.md\n@@ -1 +1 @@\n-# Shop\n+# Other\n`;
    expect(run('diff', edit)).toContain('README.md: the hunk');
  });
});

describe('a place said by its number', () => {
  it('is doubted where a line alone stands there but for its indentation, and exactly in another place', () => {
    const on = { 'a.js': 'a {\n  b {\n  }\n}\n' };
    expect(run('diff', '--- a/a.js\n+++ b/a.js\n@@ -4,1 +3,0 @@\n-  }\n', on)).toMatch(/2 places/);
    expect(run('diff', '--- a/a.js\n+++ b/a.js\n@@ -3,1 +2,0 @@\n-  }\n', on)).toEqual({ 'a.js': 'a {\n  b {\n}\n' });
  });
  const block = (name: string) => `  ${name}() {\n    open();\n    work();\n    close();\n  }\n\n`;
  const blocks = Array.from({ length: 12 }, () => block('run')).join('');
  const hunk = '     open();\n-    work();\n+    rest();\n     close();\n';
  it('is taken when a hunk below confirms the numbers, not by one above: a copy may have been put between', () => {
    const on = { 'a.js': `// first\n${blocks}// last\n` };
    const middle = `@@ -9,3 +9,3 @@\n${hunk}`;
    const below = `--- a/a.js\n+++ b/a.js\n${middle}@@ -74,1 +74,1 @@\n-// last\n+// end\n`;
    const lines = on['a.js'].split('\n');
    lines[9] = '    rest();';
    lines[73] = '// end';
    expect(run('diff', below, on)).toEqual({ 'a.js': lines.join('\n') });
    expect(run('diff', below.replace('-9,3', '-8,3').replace('+9,3', '+8,3'), on)).toContain('match 12 places');
    const above = `--- a/a.js\n+++ b/a.js\n@@ -1,1 +1,1 @@\n-// first\n+// 1st\n${middle}`;
    expect(run('diff', above, on)).toContain('match 12 places');
  });
  it('is taken for lines that only come when a hunk below confirms the numbers', () => {
    const edit = '--- a/a.js\n+++ b/a.js\n@@ -1,0 +2,1 @@\n+new\n@@ -3,1 +4,1 @@\n-c\n+C\n';
    expect(run('diff', edit, { 'a.js': 'a\nb\nc\n' })).toEqual({ 'a.js': 'a\nnew\nb\nC\n' });
    expect(run('diff', edit, { 'a.js': 'x\na\nb\nc\n' })).toContain('shows no line');
  });
  it('is not taken from a lone hunk among near equals', () => {
    expect(run('diff', `--- a/a.js\n+++ b/a.js\n@@ -8,3 +8,3 @@\n${hunk}`, { 'a.js': blocks })).toContain(
      'match 12 places',
    );
  });
});

describe('patch', () => {
  const patch = (body: string) => `*** Begin Patch\n${body}*** End Patch\n`;
  it('updates, adds, deletes and moves', () => {
    const body = `*** Update File: src/cart.js\n*** Move to: src/shop.js\n@@\n${HUNK}*** Add File: x.js\n+1\n*** Delete File: README.md\n`;
    expect(run('patch', patch(body))).toEqual({
      'src/cart.js': null,
      'src/shop.js': changed['src/cart.js'],
      'x.js': '1\n',
      'README.md': null,
    });
  });
  it('anchors choose between equal places', () => {
    const body =
      '*** Update File: src/cart.js\n@@ class Cart\n@@   clear() {\n-    this.items = [];\n+    this.items.length = 0;\n';
    expect(run('patch', patch(body))).toEqual({
      'src/cart.js': CART.replace(/(clear\(\) \{\n)(.*)\n/, '$1    this.items.length = 0;\n'),
    });
    expect(run('patch', patch(body.replace('clear()', 'wipe()')))).toContain('@@ wipe() {');
    expect(run('patch', patch(body.replace('@@   clear() {\n', '')))).toContain('match 2 places');
  });
  it('an anchor may be a line of the hunk itself', () => {
    const body = '*** Update File: a.js\n@@ function b() {\n // says b\n function b() {\n-  one();\n+  two();\n';
    const on = { 'a.js': '// says a\nfunction a() {\n  one();\n}\n// says b\nfunction b() {\n  one();\n}\n' };
    expect(run('patch', patch(body), on)).toEqual({ 'a.js': on['a.js'].replace(/one(\(\);\n\}\n)$/, 'two$1') });
  });
  it('end of file', () => {
    expect(run('patch', patch('*** Update File: src/cart.js\n@@\n   }\n }\n+// end\n*** End of File\n'))).toEqual({
      'src/cart.js': `${CART}// end\n`,
    });
  });
  it.each([
    ['a patch without its end', '*** Begin Patch\n*** Update File: src/cart.js\n@@\n-a\n', 'cut off'],
    ['a new file that is there', patch('*** Add File: README.md\n+x\n'), 'exists already'],
    ['a deletion of nothing', patch('*** Delete File: x.md\n'), 'There is no file'],
    [
      'a move onto another file',
      patch(`*** Update File: src/cart.js\n*** Move to: README.md\n@@\n${HUNK}`),
      'exists already',
    ],
  ])('refuses %s', (_, edit, reason) => {
    expect(run('patch', edit)).toContain(reason);
  });
});

describe('SEARCH/REPLACE', () => {
  const block = (search: string, replace: string) => `<<<<<<< SEARCH\n${search}=======\n${replace}>>>>>>> REPLACE\n`;
  it('changes several places of several files', () => {
    const text = `**src/cart.js**\n\`\`\`js\n${block('    return sum;\n', '    return sum * 2;\n')}\`\`\`\n${block('  clear() {\n', '  empty() {\n')}\nREADME.md\n${block('# Cart\n', '# Shop\n')}`;
    expect(run('search-replace', text)).toEqual({
      'src/cart.js': changed['src/cart.js'].replace('clear()', 'empty()'),
      'README.md': '# Shop\n',
    });
  });
  it('brings lost indentation back', () => {
    const text = `src/cart.js\n${block('const sum = add(this.items);\nreturn sum;\n', 'const sum = add(this.items);\nreturn sum * 2;\n')}`;
    expect(run('blocks', text)).toEqual(changed);
  });
  it('makes a new file of an empty search', () => {
    expect(run('blocks', `x.js\n${block('', '1\n')}`)).toEqual({ 'x.js': '1\n' });
    expect(run('blocks', `README.md\n${block('', '1\n')}`)).toContain('SEARCH is empty');
  });
  it('refuses a block without an end, and a search that is there twice', () => {
    expect(run('blocks', 'README.md\n<<<<<<< SEARCH\n# Cart\n=======\nx\n')).toContain('cut off');
    expect(run('blocks', `src/cart.js\n${block('    this.items = [];\n', 'x\n')}`)).toContain('match 2 places');
  });
});

describe('whole file', () => {
  it.each([
    ['a path and a fence', 'src/cart.js\n```js\nx\n```\n'],
    ['a fence that says the path', '```js src/cart.js\nx\n```\n'],
    ['objects', [{ path: 'src/cart.js', content: 'x\n' }]],
    ['a record', { 'src/cart.js': 'x\n' }],
  ])('%s', (_, edit) => {
    expect(run('whole', edit)).toEqual({ 'src/cart.js': 'x\n' });
  });
  it('keeps line endings, the byte order mark, and a missing last line break', () => {
    expect(run('whole', 'a.txt\n```\nb\nc\n```\n', { 'a.txt': '\uFEFFa\r\nb' })).toEqual({ 'a.txt': '\uFEFFb\r\nc' });
  });
  it('says when nothing changes', () => {
    expect(run('whole', { 'README.md': '# Cart\n' })).toContain('exactly this content');
  });
});

describe('an edit that comes with the line ends of Windows', () => {
  const patch = `*** Begin Patch\n*** Update File: src/cart.js\n@@\n${HUNK}*** End Patch\n`;
  const block = 'src/cart.js\n<<<<<<< SEARCH\n    return sum;\n=======\n    return sum * 2;\n>>>>>>> REPLACE\n';
  const diff = `--- a/src/cart.js\n+++ b/src/cart.js\n@@ -8,5 +8,5 @@\n${HUNK}`;
  it.each([patch, block, diff])('leaves those of the file: %s', (text) => {
    for (const end of ['\n', '\r\n']) {
      const parsed = parseEdits(text.replaceAll('\n', '\r\n'));
      if (!parsed.ok) throw new Error(parsed.error);
      const result = applyEdits({ 'src/cart.js': CART.replaceAll('\n', end) }, parsed.edits);
      const wanted = changed['src/cart.js'].replaceAll('\n', end);
      expect(result).toMatchObject({ ok: true, changes: [{ content: wanted }] });
    }
  });
});

describe('names of formats and shapes of edits', () => {
  const find = { path: 'src/cart.js', find: 'return sum;', replace: 'return sum * 2;' };
  const text = 'src/cart.js\n<<<<<<< SEARCH\n    return sum;\n=======\n    return sum * 2;\n>>>>>>> REPLACE\n';
  const diff = `--- a/src/cart.js\n+++ b/src/cart.js\n@@ -8,5 +8,5 @@\n${HUNK}`;
  const patch = `*** Begin Patch\n*** Update File: src/cart.js\n@@\n${HUNK}*** End Patch\n`;
  it.each([
    'replace',
    'search-replace',
    'SEARCH/REPLACE',
    'search_and_replace',
    'blocks',
    'str_replace',
    'edits',
    'auto',
  ])('%s', (name) => {
    expect(run(name, text)).toEqual(changed);
    expect(run(name, [find])).toEqual(changed);
    expect(run(name, { path: find.path, edits: [{ old_string: find.find, new_string: find.replace }] })).toEqual(
      changed,
    );
  });
  it.each(['diff', 'unified-diff', 'udiff', 'git-patch', 'gnu_patch', 'patch', 'auto'])('%s', (name) => {
    expect(run(name, diff)).toEqual(changed);
    expect(run(name, diff.replaceAll('\n', '\r\n'))).toEqual(changed);
    expect(run(name, { diff })).toEqual(changed);
  });
  it.each(['patch', 'apply_patch', 'codex-patch', 'v4a-diff', 'auto'])('%s', (name) => {
    expect(run(name, patch)).toEqual(changed);
    expect(run(name, patch.replaceAll('\n', '\r\n'))).toEqual(changed);
  });
  it.each(['whole', 'whole-file', 'full-rewrite', 'overwrite', 'auto'])('%s', (name) => {
    expect(run(name, [{ path: 'README.md', content: '# Shop\n' }])).toEqual({ 'README.md': '# Shop\n' });
  });
  it('a path with blanks, when there is such a file', () => {
    const on = { 'my notes.md': 'a\n', 'x.js': '' };
    expect(run('blocks', 'my notes.md\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n', on)).toEqual({
      'my notes.md': 'b\n',
    });
    expect(run('whole', 'my notes.md\n```\nb\n```\n', on)).toEqual({ 'my notes.md': 'b\n' });
  });
  it('the only file needs no path', () => {
    const on = { 'a.js': 'a\nb\n' };
    expect(run('replace', { find: 'b', replace: 'c' }, on)).toEqual({ 'a.js': 'a\nc\n' });
    expect(run('whole', { content: 'c\n' }, on)).toEqual({ 'a.js': 'c\n' });
  });
});

describe('diffs of git', () => {
  it('a mode alone changes no text, and goes with a copy', () => {
    const mode = 'diff --git a/README.md b/README.md\nold mode 100644\nnew mode 100755\n';
    expect(run('diff', mode)).toEqual({});
    const copy =
      'diff --git a/README.md b/x.md\nsimilarity index 50%\ncopy from README.md\ncopy to x.md\n--- a/README.md\n+++ b/x.md\n@@ -1 +1 @@\n-# Cart\n+# Shop\n';
    expect(run('diff', mode + copy)).toEqual({ 'x.md': '# Shop\n' });
    const own = 'diff --git a/README.md b/README.md\n--- a/README.md\n+++ b/README.md\n@@ -1 +1 @@\n-# Cart\n+# Own\n';
    expect(run('diff', copy + own)).toEqual({ 'x.md': '# Shop\n', 'README.md': '# Own\n' });
  });
  it('a byte order mark in front of a blank line stays', () => {
    const text = '@@\n-\uFEFFa \n+\uFEFF \n+b \n c \n';
    const patch = `*** Begin Patch\n*** Update File: a\n${text}*** End Patch`;
    expect(applyEdits({ a: '\uFEFFa\nc\n' }, [{ format: 'patch', text: patch }])).toMatchObject({
      ok: true,
      changes: [{ content: '\uFEFF\nb\nc\n' }],
    });
  });
  it('diffs of Markdown in a fenced block, whose own fences have a space in front', () => {
    const before = { 'a.md': 'x\n```\ncode\n```\ny\nz\n' };
    const hunk = '@@ @@\n x\n ```\n-code\n+more\n ```\n y\n-z\n+end\n';
    const apply = (text: string) => applyEdits(before, [{ format: 'diff', text }]);
    const fenced = (diff: string, marks = '```') => `${marks}\n--- a/a.md\n+++ b/a.md\n${diff}${marks}\n`;
    const after = { ok: true, changes: [{ content: 'x\n```\nmore\n```\ny\nend\n' }] };
    expect(apply(fenced(hunk))).toMatchObject(after);
    expect(apply(fenced(hunk.replaceAll(' ```', '```'), '````'))).toMatchObject(after);
    expect(apply(fenced(hunk.replaceAll(' ```', '```')))).toMatchObject({ ok: false });
  });
  it('prefixes of any name, also of a new file', () => {
    const head = 'diff --git old/lib/new.js new/lib/new.js\nnew file mode 100644\n--- /dev/null\n+++ new/lib/new.js\n';
    expect(run('diff', `${head}@@ -0,0 +1 @@\n+x\n`)).toEqual({ 'lib/new.js': 'x\n' });
  });
  it('names without prefix whose folder is called as one', () => {
    const gone = 'diff --git b/x.md b/x.md\ndeleted file mode 100644\n--- b/x.md\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n';
    expect(run('diff', gone, { 'b/x.md': 'x\n', 'x.md': 'x\n' })).toEqual({ 'b/x.md': null });
  });
});

describe('cost', () => {
  it('of many misfits is that of the few that are told', () => {
    const file = Array.from({ length: 10_000 }, (_, at) => `  const value${at} = compute(${at % 7});`).join('\n');
    const block = (at: number) =>
      `a.js\n<<<<<<< SEARCH\n  const valu${at} = comput(${at});\n=======\nx\n>>>>>>> REPLACE\n`;
    const text = Array.from({ length: 100 }, (_, at) => block(at)).join('');
    expect(run('blocks', text, { 'a.js': file })).toContain('and 97 more do not fit');
  });
});
