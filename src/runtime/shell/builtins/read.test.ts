import { expect, it } from 'vitest';
import { ECHO, ICANON } from '../../kernel/terminal-attributes.ts';
import type { Sys } from '../../process/system-calls/sys.ts';
import { Descriptor, DescriptorTable } from '../descriptor.ts';
import { Shell } from '../shell.ts';
import { read } from './read.ts';

/** What a terminal shows and hides, in order, while a line is read that has been typed already. */
async function readFromTerminal(args: readonly string[], bash = true): Promise<string[]> {
  const seen: string[] = [];
  const call = (name: string, ...given: unknown[]) => {
    if (name === 'descriptorKind') return 'tty';
    if (name === 'terminalAttributes') return { local: ECHO | ICANON };
    if (name === 'setTerminalAttributes') {
      const { local } = given[1] as { local: number };
      return void seen.push(`echo ${local & ECHO ? 'on' : 'off'}, lines ${local & ICANON ? 'on' : 'off'}`);
    }
    seen.push(new TextDecoder().decode(given[1] as Uint8Array));
    return (given[1] as Uint8Array).length;
  };
  const sys = { call, callAsync: async (...given: [string]) => call(...given) } as unknown as Sys;
  const descriptors = new DescriptorTable();
  for (const fd of [0, 1, 2]) descriptors.set(fd, new Descriptor(sys, fd));
  Object.assign(descriptors.get(0) ?? {}, { pushedBack: new TextEncoder().encode('typed\n') });
  const more = { sys, pid: 2, ppid: 1, name: 'bash', positional: [], env: new Map(), cwd: '/', descriptors };
  const shell = new Shell({ ...more, bash });
  expect(await read({ shell, args: [...args, 'line'] } as unknown as Parameters<typeof read>[0])).toBe(0);
  seen.push(String(shell.getVariable('line')));
  return seen;
}

it('hides what is typed before it asks', async () => {
  const hidden = ['echo off, lines on', 'password: ', 'echo on, lines on', 'typed'];
  expect(await readFromTerminal(['-s', '-p', 'password: '])).toEqual(hidden);
  expect(await readFromTerminal(['-n', '1', '-p', 'sure? '])).toEqual([
    'echo on, lines off',
    'sure? ',
    'echo on, lines on',
    't',
  ]);
});

it('leaves the terminal alone where a line is wanted that is shown', async () => {
  expect(await readFromTerminal(['-p', 'name: '])).toEqual(['name: ', 'typed']);
  expect(await readFromTerminal(['-p', 'name: '], false)).toEqual(['name: ', 'typed']);
});
