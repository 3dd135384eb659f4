import { expect, test } from 'vitest';
import { createLineStates, PLAIN, parseAnsiLine } from './ansi.ts';

test('colours become class names and hold until they are reset', () => {
  const first = parseAnsiLine('a \x1b[31;1mred', PLAIN);
  expect(first.spans).toEqual([
    { text: 'a ', style: '' },
    { text: 'red', style: 'ansi-red ansi-bold' },
  ]);
  expect(parseAnsiLine('still\x1b[0m plain', first.state).spans).toEqual([
    { text: 'still', style: 'ansi-red ansi-bold' },
    { text: ' plain', style: '' },
  ]);
});

test('256 colours, cursor movements and titles leave only their text', () => {
  expect(parseAnsiLine('\x1b[38;5;12mx\x1b[2K\x1b]0;title\x07y', PLAIN).spans.map(({ text }) => text)).toEqual([
    'x',
    'y',
  ]);
  expect(parseAnsiLine('\x1b[38;5;31mx', PLAIN).state).toEqual(PLAIN);
});

test('a colour goes on in the next lines, until its reset', () => {
  const states = createLineStates();
  const lines = ['plain', '\x1b[31mred', 'still red', 'now \x1b[0mplain', 'end'];
  expect(states.before(lines, 4)).toEqual(PLAIN);
  expect(states.before(lines, 2).color).toBe('red');
  expect(states.before(lines, 1)).toEqual(PLAIN);
  states.forget();
  expect(states.before(['\x1b[32m', ''], 1).color).toBe('green');
});
