import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterAll, expect, it } from 'vitest';
import { runNatively } from '../conformance/native-run.test-support.ts';
import { readDirectory } from './zip-directory.ts';
import { readMember } from './zip-member.ts';

const folder = mkdtempSync(join(tmpdir(), 'unzip-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const encode = (text: string) => new TextEncoder().encode(text);

function archiveOf(files: Record<string, Uint8Array>): Uint8Array {
  return zipSync(files, { mtime: new Date(2024, 0, 1) });
}

/** Writes into the entry of the directory that has the name. */
function patch(archive: Uint8Array, name: string, at: number, value: number): void {
  const entry = Buffer.from(archive.buffer).lastIndexOf(name) - 46;
  new DataView(archive.buffer).setUint32(entry + at, value, true);
}

const unzip = async (archive: Uint8Array, options = '') => {
  writeFileSync(join(folder, 'a.zip'), archive);
  const script = `unzip ${options} a.zip 2>&1; echo "[$?]"`;
  const { stdout } = await runNatively({ argv: ['sh', '-c', script], cwd: folder, env: { PATH: '/usr/bin:/bin' } });
  return stdout;
};

it('a member that says to be larger than what may be held is not unpacked', async () => {
  const archive = archiveOf({ bomb: new Uint8Array(1000), after: encode('x') });
  patch(archive, 'bomb', 24, 2 ** 31);
  expect(await unzip(archive, '-p')).toBe('unzip: Cannot allocate memory\n[1]\n');
});

it('members that share what is packed come one at a time', async () => {
  const archive = archiveOf({ first: new Uint8Array(100_000).fill(65), other: new Uint8Array(100_000).fill(66) });
  patch(archive, 'other', 42, 0);
  expect(await unzip(archive, '-qo')).toBe('[0]\n');
  expect(readFileSync(join(folder, 'other'), 'utf8')).toBe('A'.repeat(100_000));
});

it('reads stored, deflated and empty members', () => {
  const archive = zipSync({
    stored: [encode('stored'), { level: 0 }],
    packed: encode('p'.repeat(99)),
    none: encode(''),
  });
  const texts = readDirectory(archive)?.map((member) => new TextDecoder().decode(readMember(archive, member)));
  expect(texts).toEqual(['stored', 'p'.repeat(99), '']);
});
