import { expect, test } from 'vitest';
import { createOutputBuffer } from './output-buffer.ts';

test('chunks join to lines; one announcement for many chunks', () => {
  const pending: (() => void)[] = [];
  const buffer = createOutputBuffer((callback) => pending.push(callback));
  let announced = 0;
  buffer.subscribe(() => {
    announced += 1;
  });
  for (const chunk of ['a', 'b\r\nc', '\n', 'open']) buffer.append(chunk);
  expect(buffer.lines).toEqual(['ab', 'c', 'open']);
  for (const callback of pending) callback();
  expect(announced).toBe(1);
});

test('5 MB in one line becomes short lines', () => {
  const buffer = createOutputBuffer(() => undefined);
  buffer.append('x'.repeat(5_000_000));
  expect(buffer.lines.every((line) => line.length <= 2000)).toBe(true);
  expect(buffer.lines.join('').length).toBe(5_000_000);
});
