import { expect, test } from 'vitest';
import { processorCount } from '../../process/processors.ts';
import { readWhole } from './contents.ts';
import { FileSystem } from './file-system.ts';
import { layOut } from './layout.ts';
import type { Place } from './lookup.ts';

test('scripts find out about the machine where Linux tells of it', () => {
  const fs = new FileSystem();
  layOut(fs, ['sh'], '/home/project');
  const place: Place = { root: fs.root, cwd: fs.root, umask: 0 };
  const read = (path: string) => new TextDecoder().decode(readWhole(fs, place, path));
  expect(read('/etc/os-release')).toContain('ID=fixpoint\n');
  expect(read('/proc/cpuinfo').match(/^processor\t: \d+$/gm)).toHaveLength(processorCount());
  expect(read('/proc/meminfo')).toMatch(/^MemTotal: +\d+ kB\nMemFree: +\d+ kB\nMemAvailable: +\d+ kB\n/);
});
