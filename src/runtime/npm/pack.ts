/** `npm pack`: the files of a package, listed or as an archive. */
import { sha1 } from '@noble/hashes/legacy.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { gzipSync } from 'fflate';
import { packTar } from 'modern-tar';
import { writeBytes } from '../shell/archive/write-bytes.ts';
import { joinPath, resolvePath } from '../shell/paths.ts';
import type { UtilityContext } from '../shell/utility.ts';
import { filesOf } from './pack-files.ts';
import { NpmError, readPackage } from './package-file.ts';
import { runOwnScript, type ScriptLine } from './run-script.ts';

const GITIGNORE_WARNING =
  'npm warn gitignore-fallback No .npmignore file found, using .gitignore for file exclusion. Consider creating a .npmignore file to explicitly control published files.\n';

/** Each of the folders that are named, or the one where it is called. */
export async function pack(context: UtilityContext, line: ScriptLine): Promise<number> {
  const places = line.args.length > 0 ? line.args : ['.'];
  const packed: Packed[] = [];
  for (const place of places) {
    if (!/^[./]/.test(place) && !context.sys.call('statOrNull', resolvePath(context.cwd, place), true))
      throw new NpmError(`${place} is no folder here, and the package registry cannot be reached from the sandbox yet`);
    packed.push(await packFolder({ ...context, cwd: resolvePath(context.cwd, place) }, line));
  }
  if (line.json) await context.stdout.line(JSON.stringify(packed, null, 2));
  else
    for (const each of packed) {
      if (!line.silent) await context.stderr.print(noticesOf(each));
      await context.stdout.line(each.filename);
    }
  return 0;
}

interface Packed {
  id: string;
  name: string;
  version: string;
  size: number;
  unpackedSize: number;
  shasum: string;
  integrity: string;
  filename: string;
  files: { path: string; size: number; mode: number }[];
  entryCount: number;
  bundled: string[];
}

async function packFolder(context: UtilityContext, line: ScriptLine): Promise<Packed> {
  const read = () => readPackage(context, context.cwd);
  const { name, version } = read();
  if (name === undefined || version === undefined) throw new NpmError('Invalid package, must have name and version');
  for (const script of ['prepack', 'prepare']) await runOwnScript(context, line, script);
  const file = read();
  const paths = filesOf(context, file);
  const has = (name: string) => context.sys.call('statOrNull', joinPath(file.folder, name), true) !== null;
  if (!line.silent && !Array.isArray(file.content.files) && !has('.npmignore') && has('.gitignore'))
    await context.stderr.print(GITIGNORE_WARNING);
  const entries = paths.map((path) => {
    const full = joinPath(file.folder, path);
    const body = new Uint8Array(context.sys.call('readFile', full));
    const mode = (context.sys.call('statOrNull', full, true)?.mode ?? 0o644) & 0o111 ? 0o755 : 0o644;
    // npm gives all files one time, so that the same files are the same archive.
    const header = {
      name: `package/${path}`,
      mode,
      size: body.length,
      type: 'file' as const,
      mtime: new Date('1985-10-26T08:15:00Z'),
    };
    return { header, body };
  });
  const bytes = gzipSync(await packTar(entries), { level: 9, mtime: 0 });
  const unpacked = entries.reduce((sum, { body }) => sum + body.length, 0);
  const filename = `${name}-${version}.tgz`.replace(/^@/, '').replace(/[/\\]/g, '-');
  if (line.config.get('dry_run') !== 'true') {
    const target = resolvePath(line.from, line.config.get('pack_destination') || '.');
    if (!context.sys.call('statOrNull', target, true))
      throw new NpmError(missing(joinPath(target, filename)), { status: 254 });
    writeBytes(context, joinPath(target, filename), bytes);
  }
  await runOwnScript(context, line, 'postpack');
  return {
    id: `${name}@${version}`,
    name,
    version,
    size: bytes.length,
    unpackedSize: unpacked,
    shasum: bytesToHex(sha1(bytes)),
    integrity: `sha512-${btoa(String.fromCharCode(...sha512(bytes)))}`,
    filename,
    files: entries.map(({ header: { mode }, body }, index) => ({ path: paths[index] ?? '', size: body.length, mode })),
    entryCount: paths.length,
    bundled: [],
  };
}

const missing = (path: string): string =>
  [
    'code ENOENT',
    'syscall open',
    `path ${path}`,
    'errno -2',
    `enoent ENOENT: no such file or directory, open '${path}'`,
    'enoent This is related to npm not being able to find a file.',
    'enoent',
  ].join('\n');

function noticesOf({ id, name, version, filename, size, unpackedSize, shasum, integrity, files }: Packed): string {
  const rows: [string, string][] = [
    ['name:', name],
    ['version:', version],
    ['filename:', filename],
    ['package size:', sizeText(size)],
    ['unpacked size:', sizeText(unpackedSize)],
    ['shasum:', shasum],
    ['integrity:', `${integrity.slice(0, 20)}[...]${integrity.slice(-15)}`],
    ['total files:', String(files.length)],
  ];
  const notices = [
    '',
    `📦  ${id}`,
    'Tarball Contents',
    ...files.map(({ path, size: bytes }) => `${sizeText(bytes).replace(' ', '')} ${path}`),
    'Tarball Details',
    ...rows.map((row) => row.join(' ')),
    '',
  ];
  return notices.map((text) => `npm notice${text === '' ? '' : ` ${text}`}\n`).join('');
}

function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
