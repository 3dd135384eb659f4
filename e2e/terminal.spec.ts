import { expect, test } from '@playwright/test';
import { openTerminal } from './support/terminal.ts';

// What the screens show was compared, byte for byte, with native Node in a pseudo-terminal of Linux.

const CHECK = `
const { stdin, stdout } = process;
console.log(stdin.isTTY, stdout.isTTY, stdout.getWindowSize(), stdout.getColorDepth(), process.env.TERM);
process.on('SIGWINCH', () => console.log('winch', stdout.columns, stdout.rows));
process.on('SIGINT', () => console.log('int'));
stdin.setEncoding('utf8').on('data', (text) => console.log(JSON.stringify(text)));
stdin.on('end', () => process.exit(3));
console.log('ready');
`;

test('a program has a terminal: lines, colours, size, signals, end of input', async ({ page }) => {
  const terminal = await openTerminal(page, ['node', 'check.js'], { 'check.js': CHECK });
  await terminal.shows('ready\r\n');
  await terminal.type('some wrogn\x17wrong\x7f\x7f\r');
  await terminal.shows('"some wro\\n"');
  await terminal.resize(100, 30);
  await terminal.shows('winch');
  await terminal.type('lost\x03');
  await terminal.shows('int');
  await terminal.type('\x04');
  const { screen, exitCode } = await terminal.end();
  expect(exitCode).toBe(3);
  const yellow = (value: unknown) => `\x1b[33m${value}\x1b[39m`;
  expect(screen.split('\r\n')).toEqual([
    `${yellow(true)} ${yellow(true)} [ ${yellow(80)}, ${yellow(24)} ] ${yellow(8)} xterm-256color`,
    'ready',
    `some wrogn${'\b \b'.repeat(5)}wrong${'\b \b'.repeat(2)}`,
    '"some wro\\n"',
    `winch ${yellow(100)} ${yellow(30)}`,
    'lost^Cint',
    '',
  ]);
});

const QUESTIONS = `
import { spawnSync } from 'node:child_process';
import { stdin, stdout } from 'node:process';
import * as readline from 'node:readline/promises';
const completer = (line) => [['red', 'green'].filter((word) => word.startsWith(line)), line];
const lines = readline.createInterface({ input: stdin, output: stdout, completer });
console.log([await lines.question('name? '), await lines.question('colour? '), await lines.question('again? ')]);
lines.close();
stdin.setRawMode(true);
stdin.resume();
stdout.write('key? ');
const key = await new Promise((resolve) => stdin.once('data', resolve));
stdin.setRawMode(false);
stdin.pause();
console.log(key);
const code = 'process.stdin.once("data", (text) => { console.log("child: " + text); process.exit(4); })';
console.log(spawnSync(process.execPath, ['-e', code], { stdio: 'inherit' }).status);
`;

test('questions with completion and history, raw keys, and a child that takes over the terminal', async ({ page }) => {
  const terminal = await openTerminal(page, ['node', 'questions.mjs'], { 'questions.mjs': QUESTIONS });
  await terminal.shows('name? ');
  await terminal.type('Anna');
  for (const key of ['\x1b[D', '\x1b[D', '\x1b[D', 'm', '\r']) await terminal.type(key);
  await terminal.shows('colour? ');
  await terminal.type('g\t');
  await terminal.shows('green');
  await terminal.type('\r');
  await terminal.shows('again? ');
  await terminal.type('\x1b[A');
  await terminal.shows('green');
  await terminal.type('\r');
  await terminal.shows('key? ');
  await terminal.type('\x1b[A');
  await terminal.shows('<Buffer 1b 5b 41>');
  await terminal.type('for the child\r');
  await terminal.shows('child: for the child');
  const { screen, exitCode } = await terminal.end();
  expect(exitCode).toBe(0);
  expect(screen).toContain("[ \x1b[32m'Amnna'\x1b[39m, \x1b[32m'green'\x1b[39m, \x1b[32m'green'\x1b[39m ]");
  expect(screen.endsWith('\x1b[33m4\x1b[39m\r\n')).toBe(true);
});

test('sh: editing, history, completion; Ctrl-C ends the command and nothing else', async ({ page }) => {
  const files = {
    'apple.js': 'console.log("apple", process.argv[2]);',
    'wait.js': 'setInterval(() => {}, 1e3); console.log("up");',
  };
  const terminal = await openTerminal(page, ['sh'], files);
  await terminal.shows('$ ');
  await terminal.type('node ap\tpe\x1b[Di\x05\r');
  await terminal.shows('apple pie');
  await terminal.shows('$ ');
  await terminal.type('node wait.js & x=$!\r');
  await terminal.shows('up');
  for (const command of ['node wait.js', 'sleep 100', 'cat', 'while :; do :; done', 'node wait.js | cat']) {
    await terminal.type(`${command}\r`);
    await terminal.shows(command.includes('node') ? 'up' : '\r\n');
    await terminal.type('\x03');
    await terminal.shows('^C\r\n$ ');
    await terminal.type('echo "= $?"\r');
    await terminal.shows('= 130\r\n');
  }
  await terminal.type('kill $x; wait $x; echo "job $?"\r');
  await terminal.shows('job 143\r\n');
  await terminal.type('\x1b[A\x1b[A\r');
  await terminal.shows('= 0\r\n');
  await terminal.type('for i in 1 2\rdo echo "n$i"; done\r');
  await terminal.shows('n1\r\nn2\r\n');
  await terminal.type('cd /tmp; pwd\rexit 7\r');
  expect((await terminal.end()).exitCode).toBe(7);
});

const ASKS = `printf 'name: '; read -r name
read -s -p 'password: ' password; echo
read -n 1 -p 'sure? ' sure; echo
stty -echo; printf 'more: '; read hidden; stty sane; echo
stty size; stty raw -echo; printf 'keys: '; head -c 2 | od -c; stty cooked echo
echo "$name $password $sure $hidden"
`;

test('bash: what it asks for is shown or not, and taken by characters or lines', async ({ page }) => {
  const terminal = await openTerminal(page, ['bash', 'asks.sh'], { 'asks.sh': ASKS });
  const steps: [shown: string, typed: string][] = [
    ['name: ', 'Anna\r'],
    ['Anna\r\npassword: ', 'secret\r'],
    ['\r\nsure? ', 'y'],
    ['y\r\nmore: ', 'hidden\r'],
    ['24 80\r\nkeys: ', 'a\x03'],
  ];
  for (const [shown, typed] of steps) {
    await terminal.shows(shown);
    await terminal.type(typed);
  }
  const { screen, exitCode } = await terminal.end();
  expect(screen).toMatch(/0000000 {3}a 003\s+0000002\s+Anna secret y hidden\r\n$/);
  expect(screen.match(/secret|hidden/g)).toHaveLength(2);
  expect(exitCode).toBe(0);
});

test('sh: Ctrl-C ends what computes without end, also behind a pipe and in a script', async ({ page }) => {
  const terminal = await openTerminal(page, ['sh'], { 'loop.sh': "awk 'BEGIN { while (1); }'\n" });
  await terminal.shows('$ ');
  const commands = [
    'awk \'BEGIN { print 1 > "/dev/stderr"; while (1); }\'',
    `(echo 1 >&2; echo ${'a'.repeat(40)}b) | grep -E '^(a+)+$'`,
    "echo 1; echo x | sed ':a;s/$/x/;ta'",
    'echo 1; sh loop.sh',
  ];
  for (const [index, command] of commands.entries()) {
    await terminal.type(`${command}\r`);
    await terminal.shows('\r\n1\r\n');
    await terminal.type('\x03');
    await terminal.shows('^C');
    await terminal.type(`echo alive$((${index} + 1))\r`);
    await terminal.shows(`\r\nalive${index + 1}\r\n`);
  }
  await terminal.type('exit 5\r');
  expect((await terminal.end()).exitCode).toBe(5);
});

test('the REPL: several lines, the last value, await, errors, .load and twice Ctrl-C', async ({ page }) => {
  const terminal = await openTerminal(page, ['node'], { 'lib.js': 'function twice(x) {\n  return x * 2;\n}\n' });
  const steps: [typed: string, shown: string][] = [
    ['1 + 1', '\x1b[33m2\x1b[39m\r\n'],
    ['_ * 21', '\x1b[33m42\x1b[39m\r\n'],
    ['function f() {', '| '],
    ['return { a: [1], s: "x" }', '| '],
    ['}', '\x1b[90mundefined\x1b[39m\r\n'],
    ['f()', "{ a: [ \x1b[33m1\x1b[39m ], s: \x1b[32m'x'\x1b[39m }\r\n"],
    ['await Promise.resolve(7)', '\x1b[33m7\x1b[39m\r\n'],
    ['throw new RangeError("bad")', 'Uncaught RangeError: bad\r\n'],
    ['(async () => { throw new RangeError("async") })(); 0', 'Uncaught RangeError: async\r\n'],
    ['Promise.reject(new RangeError("rejected")); 0', 'Uncaught RangeError: rejected\r\n'],
    ['.load lib.js', '\x1b[90mundefined\x1b[39m\r\n'],
    ['twice(4)', '\x1b[33m8\x1b[39m\r\n'],
    ['const kept = 5; kept + 1', '\x1b[33m6\x1b[39m\r\n'],
    ['kept', '\x1b[33m5\x1b[39m\r\n'],
    ['kept = 1', 'Uncaught TypeError: Assignment to constant variable.\r\n'],
    ['let kept', "Uncaught SyntaxError: Identifier 'kept' has already been declared\r\n"],
  ];
  await terminal.shows('Type ".help" for more information.\r\n');
  let prompt = '> ';
  for (const [typed, shown] of steps) {
    if (prompt === '> ') await terminal.shows(prompt);
    await terminal.type(`${typed}\r`);
    await terminal.shows(shown);
    prompt = shown === '| ' ? shown : '> ';
  }
  await terminal.type('\x03');
  await terminal.shows('(To exit, press Ctrl+C again or Ctrl+D or type .exit)');
  await terminal.type('\x03');
  expect((await terminal.end()).exitCode).toBe(0);
});
