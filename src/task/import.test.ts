import { strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { importFolder, importZip, MOST_BYTES, MOST_FILES } from './import.ts';
import { TaskError } from './parse-task.ts';

const zipOf = (files: Record<string, string | Uint8Array>) =>
  zipSync(
    Object.fromEntries(
      Object.entries(files).map(([path, text]) => [path, typeof text === 'string' ? strToU8(text) : text]),
    ),
  );
const fileAt = (path: string, content: BlobPart) =>
  Object.defineProperty(new File([content], path.split('/').at(-1) ?? ''), 'webkitRelativePath', { value: path });

const project = { 'package.json': '{}', 'src/ü.js': '1' };
const withTop = {
  'shop/package.json': '{}',
  'shop/src/ü.js': '1',
  'shop/node_modules/x/index.js': '',
  'shop/.git/HEAD': '',
};

describe('importing', () => {
  test('a zip, with a common top folder or without', () => {
    expect(importZip(zipOf(withTop))).toMatchObject({ name: 'shop', files: project });
    expect(Object.keys(importZip(zipOf(withTop)).files)).toEqual(['package.json', 'src/ü.js']);
    expect(importZip(zipOf(project), 'mine')).toMatchObject({ name: 'mine', files: project });
  });

  test('a zip of a task folder', () => {
    const task = importZip(zipOf({ 'task.json': '{"title":"T","goal":"G"}', 'files/package.json': '{}' }));
    expect(task).toMatchObject({ title: 'T', goal: 'G', files: { 'package.json': '{}' } });
  });

  test('a folder', async () => {
    const files = Object.entries(withTop).map(([path, text]) => fileAt(path, text));
    const task = await importFolder([...files, fileAt('shop/a.png', new Uint8Array([255]))]);
    expect(task).toMatchObject({ name: 'shop', files: { ...project, 'a.png': { base64: '/w==' } } });
    expect(Object.keys(task.files)).toHaveLength(3);
  });

  test('many installed files do not count', () => {
    const installed = Array.from({ length: MOST_FILES + 1 }, (_, at) => [`node_modules/${at}.js`, '']);
    expect(importZip(zipOf({ ...project, ...Object.fromEntries(installed) })).files).toEqual(project);
  });
});

describe('refused', () => {
  const many = Object.fromEntries(Array.from({ length: MOST_FILES + 1 }, (_, at) => [`src/${at}.js`, '']));
  const bomb = zipOf({ ...project, 'zeros.bin': new Uint8Array(MOST_BYTES + 1) });
  const cases: Record<string, [Uint8Array, string]> = {
    'too many files': [zipOf(many), 'too many files: at most 2,000 files with 20 MB'],
    'a bomb': [bomb, 'too large'],
    'no zip': [strToU8('hello'), 'not a zip file'],
    'a cut zip': [bomb.subarray(0, bomb.length / 2), 'cannot be unpacked'],
    'an empty zip': [zipOf({}), 'no files'],
    'a way out': [zipOf({ ...project, '../../x.js': '' }), 'outside its folder'],
    'no project': [zipOf({ 'a.txt': '' }), 'package.json'],
  };
  test.each(Object.entries(cases))('%s', (_, [packed, message]) => {
    expect(() => importZip(packed)).toThrow(TaskError);
    expect(() => importZip(packed)).toThrow(message);
  });

  test('a bomb that lies about its size', () => {
    const lying = bomb.slice();
    const view = new DataView(lying.buffer);
    for (let at = 0; at < lying.length - 4; at += 1) {
      if (view.getUint32(at, true) === MOST_BYTES + 1) view.setUint32(at, 1, true);
    }
    expect(() => importZip(lying)).toThrow('too large');
  });

  test('a folder that is too large is not even read', async () => {
    const large = fileAt('a/b.bin', '');
    Object.defineProperty(large, 'size', { value: MOST_BYTES + 1 });
    await expect(importFolder([large])).rejects.toThrow('too large');
    await expect(importFolder([])).rejects.toThrow('no files');
  });
});
