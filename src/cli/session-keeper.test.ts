import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { parseSessionText } from '../session/format/parse-session.ts';
import { sampleEvents } from '../session/session.test-support.ts';
import { createSessionKeeper } from './session-keeper.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fixpoint-keeper-'));
});
afterEach(() => rm(folder, { recursive: true }));

const events = sampleEvents();
const begun = events.slice(0, events.findIndex(({ type }) => type === 'tool-called') + 1);

it('leaves what a run had when nothing more is heard of it', async () => {
  const out = join(folder, 'new/session.json');
  const keeper = await createSessionKeeper(out);
  for (const event of begun) keeper.add('s', event);
  await vi.waitFor(async () => parseSessionText(await readFile(out, 'utf8')), { timeout: 60_000 });
  const kept = parseSessionText(await readFile(out, 'utf8')).events;
  expect(kept.slice(0, -1)).toEqual(begun);
  expect(kept.at(-1)).toMatchObject({ type: 'run-finished', outcome: { kind: 'stopped' } });
  expect(keeper.cutOff({ kind: 'failed', what: 'The browser died' })?.outcome).toMatchObject({
    kind: 'failed',
    explanation: expect.stringMatching(/^The browser died in the middle of step 1\./),
  });
  keeper.close();
  expect(await readdir(join(folder, 'new'))).toEqual(['session.json']);
});

it('leaves the file alone until a run has begun', async () => {
  const out = join(folder, 'session.json');
  await writeFile(out, 'mine');
  const keeper = await createSessionKeeper(out);
  for (const event of events.slice(0, 1)) keeper.add('s', event);
  expect(keeper.cutOff({ kind: 'stopped', what: 'It ended' })).toBeNull();
  process.emit('exit', 0);
  expect(await readFile(out, 'utf8')).toBe('mine');
  expect(keeper.keep('the end')).toBe(out);
  expect(await readFile(out, 'utf8')).toBe('the end');
});

it('says before a run that its file cannot be written', async () => {
  await expect(createSessionKeeper(folder)).rejects.toThrow('is a folder');
  await writeFile(join(folder, 'file'), '');
  await expect(createSessionKeeper(join(folder, 'file/session.json'))).rejects.toThrow('EEXIST');
});

it('puts a session whose place is gone where it can', async () => {
  const keeper = await createSessionKeeper(join(folder, 'gone/session.json'));
  await rm(join(folder, 'gone'), { recursive: true });
  const spare = keeper.keep('the end');
  expect(await readFile(spare, 'utf8')).toBe('the end');
  await rm(spare);
});
