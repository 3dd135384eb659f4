/** What the file system holds at boot. */
import { processorCount } from '../../process/processors.ts';
import { IMAGE_MAGIC } from '../launch.ts';
import { setMode } from './attributes.ts';
import { writeWhole } from './contents.ts';
import { addEntry, makeDirectories } from './entries.ts';
import type { FileSystem } from './file-system.ts';
import { DeviceInode, type DeviceName, LinkInode, reserveNumbers } from './inode.ts';
import { findDirectory, type Place } from './lookup.ts';

/** Where a native installation has npm's own scripts: tools run them with node, or as they are (`npm_execpath`). */
const NPM_SCRIPTS = '/usr/local/lib/node_modules/npm/bin';

const folders = [
  '/bin',
  '/dev',
  '/proc/self/fd',
  '/proc/sys/kernel',
  '/etc',
  '/home',
  '/tmp',
  '/usr/bin',
  '/usr/local/bin',
];
const devices: DeviceName[] = ['null', 'zero', 'full', 'urandom', 'stdin', 'stdout', 'stderr', 'tty'];
const nodePrograms = ['node'];
/** These live beside node, as in a native installation. */
const localPrograms = new Set(['npm', 'npx']);

/** What `os.totalmem()` and `os.freemem()` tell. */
function meminfo(): string {
  const total = 8 * 2 ** 20;
  const rows = { MemTotal: total, MemFree: total / 2, MemAvailable: total / 2, SwapTotal: 0, SwapFree: 0 };
  return Object.entries(rows)
    .map(([name, kilobytes]) => `${`${name}:`.padEnd(16)}${String(kilobytes).padStart(8)} kB\n`)
    .join('');
}

/** As many as `os.cpus()` tells of. */
function cpuinfo(): string {
  const one = (number: number) => `processor\t: ${number}\nmodel name\t: virtual\n\n`;
  return Array.from({ length: processorCount() }, (_, number) => one(number)).join('');
}

const texts: Record<string, string> = {
  '/etc/passwd': 'root:x:0:0:root:/home:/bin/sh\n',
  '/etc/group': 'root:x:0:\n',
  '/etc/hosts': '127.0.0.1\tlocalhost\n127.0.0.1\tfixpoint\n::1\tip6-localhost ip6-loopback\n',
  '/etc/hostname': 'fixpoint\n',
  // Scripts read it to find out whose packages they may install: nobody's.
  '/etc/os-release': 'PRETTY_NAME="Fixpoint"\nNAME="Fixpoint"\nID=fixpoint\n',
  '/proc/sys/kernel/hostname': 'fixpoint\n',
  '/proc/sys/kernel/ostype': 'Linux\n',
  '/proc/meminfo': meminfo(),
  '/proc/cpuinfo': cpuinfo(),
};

/** Makes the folders, devices and built-in programs; `applets` are the names of the shell's. */
export function layOut(fs: FileSystem, applets: readonly string[], workdir: string): void {
  const place: Place = { root: fs.root, cwd: fs.root, umask: 0o022 };
  for (const folder of [...folders, workdir]) makeDirectories(fs, place, folder, 0o777);
  setMode(fs, { inode: findDirectory(place, '/tmp') }, 0o1777);
  const dev = findDirectory(place, '/dev');
  for (const device of devices) addEntry(fs, dev, device, new DeviceInode(device));
  addEntry(fs, dev, 'random', new DeviceInode('urandom'));
  addEntry(fs, dev, 'fd', new LinkInode('/proc/self/fd'));
  for (const [path, text] of Object.entries(texts)) writeText(fs, place, path, text);
  for (const name of nodePrograms) writeProgram(fs, place, `/usr/local/bin/${name}`, 'node');
  for (const name of applets) {
    const places = localPrograms.has(name) ? ['/usr/local/bin'] : ['/bin', '/usr/bin'];
    for (const folder of places) writeProgram(fs, place, `${folder}/${name}`, 'shell');
  }
  makeDirectories(fs, place, NPM_SCRIPTS, 0o755);
  for (const name of localPrograms) writeScript(fs, place, `${NPM_SCRIPTS}/${name}-cli.js`, name);
  // It holds what programs read there by its path; the reference for the client's interface has none.
  findDirectory(place, '/proc').isUnlisted = true;
  fix(place, workdir);
  fs.firstOwn = reserveNumbers(0);
}

/** No process may take the system from the others: programs, devices and the folders that all rely on stay. */
function fix(place: Place, workdir: string): void {
  for (const path of [...folders, '/', '/usr', '/usr/local', NPM_SCRIPTS, '/proc', '/proc/self', '/proc/sys', workdir])
    findDirectory(place, path).isFixed = true;
  for (const path of ['/bin', '/dev', '/usr/bin', '/usr/local/bin', NPM_SCRIPTS]) {
    for (const inode of findDirectory(place, path).entries.values()) inode.isFixed = true;
  }
}

function writeProgram(fs: FileSystem, place: Place, path: string, image: string): void {
  setMode(fs, { inode: writeText(fs, place, path, `${IMAGE_MAGIC}${image}\n`) }, 0o755);
}

/** The program of that name takes the place of the script. */
function writeScript(fs: FileSystem, place: Place, path: string, name: string): void {
  const run = `process.execve('/usr/local/bin/${name}', ['${name}', ...process.argv.slice(2)]);`;
  setMode(fs, { inode: writeText(fs, place, path, `#!/usr/bin/env node\n${run}\n`) }, 0o755);
}

function writeText(fs: FileSystem, place: Place, path: string, text: string) {
  return writeWhole(fs, place, path, { data: new TextEncoder().encode(text), mode: 0o644, own: true });
}
