import { expect, it } from 'vitest';
import { findComments, mayHaveWord } from './code-words.ts';

const has = (source: string) => mayHaveWord(source, String.raw`\bawait\b`);

it.each([
  ['a line comment', 'f(); // await x'],
  ['a comment over lines', '/**\n * await x\n */ f();'],
  ['a string', `f("await 'x'", 'await "x"', "\\"await");`],
  ['a template', `f(\`await \${a + \`await \${{ b: { c } }.b} await\`} await\`);`],
  ['a regular expression', String.raw`f(/await["'\/[/]/g); return /await/;`],
  ['a comment behind a division', 'a = b[0] / 2; // await "'],
  ['a hashbang', "#!/it's/await\nf();"],
  ['a string behind a division of a call', 'a = f() / 2;\nb = "await";'],
])('knows that %s is no code', (_name, source) => expect(has(source)).toBe(false));

it.each([
  ['code', 'await x'],
  ['an expression in a template', `\`a \${await x} b\``],
  ['code behind a template', `\`\${a}\`; await x`],
  ['code behind a quote in a regular expression', `/'/.test(a); await x; "'"`],
  ['code behind a slash that may divide', `if (a) /'/.test(b); await x; "'/"`],
  ['code behind a block that may be an object', `{} /'/.test(b); await x; "'/"`],
  ['code behind a division of a name like a keyword', `a.in / 2; await x; "/"`],
  ['code behind a comment of HTML', `<!-- '\nawait x; '`],
  ['code between comments', '/* a */ await x // b'],
])('finds %s', (_name, source) => expect(has(source)).toBe(true));

it('says so when a text has no end', () => {
  for (const source of ["'", '`', `\`\${a`, '/* a', '(/a']) expect(typeof has(source)).toBe('boolean');
  expect(has(`'await`)).toBe(true);
});

it('finds where comments begin', () => {
  const source = String.raw`f("//"); // a
    g(\`//${'$'}{/* b */ 1}//\`); /\/\//.test(c);//d`.replaceAll('\\`', '`');
  expect(findComments(source)).toEqual(new Set(['// a', '/* b', '//d'].map((comment) => source.indexOf(comment))));
  expect(findComments(`if (a) /'/.test('/'); // b`)).toBe(null);
});
