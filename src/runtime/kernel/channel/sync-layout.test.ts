import { expect, it } from 'vitest';
import type { SyscallName } from '../syscalls.ts';
import { nameOfCall, numberOfCall } from './sync-layout.ts';

it('a call arrives as what it was sent as', () => {
  const sent: SyscallName[] = [];
  for (let number = 0, name = nameOfCall(number); name; name = nameOfCall(++number)) sent.push(name);
  expect(sent).toContain('neighbours');
  expect(sent.map((name) => nameOfCall(numberOfCall(name)))).toEqual(sent);
});
