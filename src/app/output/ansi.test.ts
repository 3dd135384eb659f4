import { expect, test } from 'vitest';
import { PLAIN, parseAnsiLine } from './ansi.ts';

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
