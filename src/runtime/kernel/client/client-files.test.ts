import { expect, it } from 'vitest';
import { FileSystem } from '../file-system/file-system.ts';
import { Mirror } from '../mirror/mirror.ts';
import { createClientFiles } from './client-files.ts';

it('tells of a change when the client has had the one before', async () => {
  const files = createClientFiles(new FileSystem(), new Mirror(() => 0), () => undefined);
  const told: string[] = [];
  const answers: (() => void)[] = [];
  files.mkdir('/folder', true);
  files.watch('/folder', true, (_type, name) => {
    told.push(name);
    return new Promise<void>((resolve) => answers.push(resolve));
  });
  for (let i = 0; i < 100; i++) files.writeFile(`/folder/${i % 2}`, new Uint8Array(i));
  expect(told).toEqual(['0']);
  answers.shift()?.();
  await expect.poll(() => told.length).toBe(2);
});
