import { describe, expect, it } from 'vitest';
import { originalText } from '../../process/library/library-text.ts';
import { applyEdits } from '../../process/modules/transform/edits.ts';
import { type Patch, patchEdits } from './patch.ts';

const SOURCES = { 'internal/a': 'function run() {\n  drain();\n  drain();\n}\n', 'internal/b': 'untouched' };

const applyPatches = (sources: Record<string, string>, patches: Patch[]) =>
  Object.fromEntries(
    [...patchEdits(sources, patches)].map(([id, edits]) => [id, applyEdits(sources[id] ?? '', edits)]),
  );

describe('patchEdits', () => {
  it('replaces as often as expected, and maps offsets back', () => {
    const patched = applyPatches(SOURCES, [
      { id: 'internal/a', find: 'function run', replace: 'function* run' },
      { id: 'internal/a', find: 'drain();', replace: 'yield;', times: 2 },
    ]);
    expect(Object.keys(patched)).toEqual(['internal/a']);
    const { code = '', segments = [] } = patched['internal/a'] ?? {};
    expect(code).toBe('function* run() {\n  yield;\n  yield;\n}\n');
    expect(segments.slice(0, 6)).toEqual([0, 0, 8, 8, 9, 8]);
  });

  it('gives a call that is put in front the place of another', () => {
    const patch = { id: 'internal/a', find: 'function run', replace: 'now();function run' };
    const { segments } =
      applyPatches(SOURCES, [{ ...patch, calls: { text: 'now', instead: 'run' } }])['internal/a'] ?? {};
    expect(segments).toEqual([0, 0, 0, 0, 0, 9, 6, 0]);
  });

  it('keeps every line where it was, for stacks and the source that they show', () => {
    const replace = 'function run(with, more) {\n  call(a, much, longer, text);\n  drain();\n}';
    const find = SOURCES['internal/a'].trimEnd();
    const patched = applyPatches(SOURCES, [{ id: 'internal/a', find, replace }])['internal/a'];
    if (!patched) throw new Error('nothing is patched');
    expect(patched.code).toBe(`${replace}\n`);
    expect(
      originalText(patched)
        .split('\n')
        .map((line) => line.length),
    ).toEqual([16, 10, 10, 1, 0]);
  });

  it('fails the build when a patch would add or remove a line', () => {
    const more = [{ id: 'internal/a', find: 'function run', replace: '\nfunction run' }];
    expect(() => applyPatches(SOURCES, more)).toThrow(/other lines than "function run" in internal\/a/);
  });

  it('fails the build when the text is gone, or is there more often', () => {
    const gone = [{ id: 'internal/a', find: 'runMicrotasks();', replace: 'yield;' }];
    expect(() => applyPatches(SOURCES, gone)).toThrow(/expected 1 of "runMicrotasks\(\);" in internal\/a, found 0/);
    const twice = [{ id: 'internal/a', find: 'drain();', replace: 'yield;' }];
    expect(() => applyPatches(SOURCES, twice)).toThrow(/found 2/);
  });

  it('fails the build when the module is gone', () => {
    expect(() => applyPatches({}, [{ id: 'internal/a', find: 'x', replace: 'y' }])).toThrow(/no module internal\/a/);
  });
});
