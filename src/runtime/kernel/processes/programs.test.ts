import { beforeEach, describe, expect, it } from 'vitest';
import { setMode } from '../file-system/attributes.ts';
import { writeWhole } from '../file-system/contents.ts';
import { symlink } from '../file-system/entries.ts';
import { FileSystem } from '../file-system/file-system.ts';
import { layOut } from '../file-system/layout.ts';
import { findDirectory, type Place } from '../file-system/lookup.ts';
import { resolveProgram } from './programs.ts';

const PATH = '/usr/local/bin:/usr/bin:/bin';
let fs: FileSystem;
let place: Place;

beforeEach(() => {
  fs = new FileSystem();
  layOut(fs, ['sh', 'ls', 'env', 'npm'], '/home/project');
  place = { root: fs.root, cwd: fs.root, umask: 0o022 };
  place.cwd = findDirectory(place, '/home/project');
});

function write(path: string, text: string, mode = 0o755): void {
  setMode(fs, { inode: writeWhole(fs, place, path, { data: new TextEncoder().encode(text) }) }, mode);
}
const resolve = (file: string, ...args: string[]) => resolveProgram(place, file, [file, ...args], PATH);

describe('resolveProgram', () => {
  it('finds built-in programs along PATH', () => {
    expect(resolve('node', 'x.js')).toEqual({ image: 'node', argv: ['node', 'x.js'], execPath: '/usr/local/bin/node' });
    expect(resolve('ls')).toMatchObject({ image: 'shell', execPath: '/usr/bin/ls' });
    expect(resolve('npm')).toMatchObject({ image: 'shell', execPath: '/usr/local/bin/npm' });
  });

  it('runs scripts with their interpreter, its argument, and through links', () => {
    write('a.js', '#!/usr/bin/env node\n1');
    expect(resolve('./a.js', 'x')).toMatchObject({ image: 'node', argv: ['/usr/local/bin/node', './a.js', 'x'] });
    write('b', '#! /bin/sh -e\n');
    symlink(fs, place, 'b', 'link');
    expect(resolve('./link')).toMatchObject({ image: 'shell', argv: ['/bin/sh', '-e', './link'] });
    write('c', '#!/usr/bin/env -S node --test\r\n');
    expect(resolve('./c')).toMatchObject({ argv: ['/usr/local/bin/node', '--test', './c'] });
  });

  it('gives sh what has no #! and is text, also where it is found along PATH', () => {
    write('plain', 'echo "$1"\n');
    write('empty', '');
    expect(resolve('./plain', 'x')).toMatchObject({ image: 'shell', argv: ['/bin/sh', './plain', 'x'] });
    expect(resolve('./empty')).toMatchObject({ argv: ['/bin/sh', './empty'] });
    expect(resolveProgram(place, 'plain', ['plain'], '/home/project').argv).toEqual(['/bin/sh', '/home/project/plain']);
  });

  it('leaves a program that env does not find to env', () => {
    write('lost', '#!/usr/bin/env nowhere\n');
    expect(resolve('./lost')).toMatchObject({ image: 'shell', argv: ['/usr/bin/env', 'nowhere', './lost'] });
  });

  it.each([
    ['nowhere', 'ENOENT'],
    ['./nowhere', 'ENOENT'],
    ['', 'ENOENT'],
    ['/home', 'EACCES'],
    ['./plain', 'EACCES'],
    ['./binary', 'ENOEXEC'],
    ['./endless', 'ELOOP'],
  ])('refuses "%s" with %s', (file, code) => {
    write('plain', '#!/bin/sh\n', 0o644);
    write('binary', '\x7fELF');
    write('endless', '#!/home/project/endless\n');
    expect(() => resolve(file)).toThrow(expect.objectContaining({ code }));
  });
});
