/** `npm pack`: the files of a package, listed or as an archive. */
import { sha1 } from '@noble/hashes/legacy.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { gzipSync } from 'fflate';
import ignore, { type Ignore } from 'ignore';
import { packTar } from 'modern-tar';
import { S_IFDIR, S_IFLNK, S_IFMT } from '../kernel/file-modes.ts';
import { writeBytes } from '../shell/archive/write-bytes.ts';
import { joinPath, resolvePath } from '../shell/paths.ts';
import type { UtilityContext } from '../shell/utility.ts';
import { findProject, NpmError, type PackageFile, readPackage } from './package-file.ts';
import { runNamedScript, type ScriptLine } from './run-script.ts';

/** Never in a package, whatever its lists say. */
const NEVER =
  '.*.swp\n._*\n.DS_Store\n.git\n.hg\n.svn\nCVS\n.lock-wscript\n.npmrc\nnpm-debug.log\n/config.gypi\n*.orig\n/package-lock.json\n/yarn.lock\n/pnpm-lock.yaml\n/bun.lockb\n.gitignore\n.npmignore\n/.gitattributes';
const GITIGNORE_WARNING =
  'npm warn gitignore-fallback No .npmignore file found, using .gitignore for file exclusion. Consider creating a .npmignore file to explicitly control published files.\n';
/** Always, at the top. */
const ALWAYS = /^(package\.json|readme(\..*)?|licen[cs]e(\..*)?|copying(\..*)?)$/i;

export async function pack(context: UtilityContext, line: ScriptLine): Promise<number> {
  const file = readPackage(context, findProject(context));
  if (file.name === undefined || file.version === undefined)
    throw new NpmError('Invalid package, must have name and version');
  const quiet = { ...line, ifPresent: true, ignoreScripts: true };
  if (!line.ignoreScripts)
    for (const name of ['prepack', 'prepare']) if ((await runNamedScript(context, quiet, [name])) !== 0) return 1;
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
  const filename = `${file.name.replace(/^@/, '').replace('/', '-')}-${file.version}.tgz`;
  const shasum = bytesToHex(sha1(bytes));
  const integrity = `sha512-${btoa(String.fromCharCode(...sha512(bytes)))}`;
  const listed = paths.map((path, index) => ({
    path,
    size: entries[index]?.body.length ?? 0,
    mode: entries[index]?.header.mode ?? 0,
  }));
  if (line.json) {
    const { name, version } = file;
    const told = {
      id: `${name}@${version}`,
      name,
      version,
      size: bytes.length,
      unpackedSize: unpacked,
      shasum,
      integrity,
      filename,
      files: listed,
      entryCount: paths.length,
      bundled: [],
    };
    await context.stdout.line(JSON.stringify([told], null, 2));
  } else {
    const rows: [string, string][] = [
      ['name:', file.name],
      ['version:', file.version],
      ['filename:', filename],
      ['package size:', sizeText(bytes.length)],
      ['unpacked size:', sizeText(unpacked)],
      ['shasum:', shasum],
      ['integrity:', `${integrity.slice(0, 20)}[...]${integrity.slice(-15)}`],
      ['total files:', String(paths.length)],
    ];
    const notices = [
      '',
      `📦  ${file.name}@${file.version}`,
      'Tarball Contents',
      ...listed.map(({ path, size }) => `${sizeText(size).replace(' ', '')} ${path}`),
      'Tarball Details',
      ...rows.map((row) => row.join(' ')),
      '',
    ];
    if (!line.silent)
      await context.stderr.print(notices.map((text) => `npm notice${text === '' ? '' : ` ${text}`}\n`).join(''));
  }
  if (!line.config.has('dry_run')) {
    const target = resolvePath(context.cwd, line.config.get('pack_destination') ?? '.');
    writeBytes(context, joinPath(target, filename), bytes);
  }
  if (!line.json) await context.stdout.line(filename);
  return line.ignoreScripts ? 0 : await runNamedScript(context, quiet, ['postpack']);
}

function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** By `files` where there is such a list, less what .npmignore (or .gitignore) names; package.json, README and LICENSE always. */
function filesOf(context: UtilityContext, { folder, content }: PackageFile): string[] {
  const { sys } = context;
  const read = (path: string) =>
    sys.call('statOrNull', path, true) ? new TextDecoder().decode(sys.call('readFile', path)) : undefined;
  const never = ignore().add(NEVER);
  const list = Array.isArray(content.files)
    ? content.files.filter((item): item is string => typeof item === 'string')
    : undefined;
  const chosen =
    list && ignore().add(list.map((item) => `/${item.replace(/^\.?\//, '').replace(/\/$/, '')}`).join('\n'));
  const needed = new Set(
    [
      content.main,
      ...(typeof content.bin === 'string' ? [content.bin] : Object.values((content.bin ?? {}) as object)),
    ].map((item) => String(item).replace(/^\.\//, '')),
  );
  const found: string[] = [];
  const walk = (at: string, lists: readonly { base: string; rules: Ignore }[]) => {
    const here = joinPath(folder, at);
    const text = read(joinPath(here, '.npmignore')) ?? read(joinPath(here, '.gitignore'));
    const own =
      text === undefined || (chosen && at === '')
        ? lists
        : [...lists, { base: at === '' ? '' : `${at}/`, rules: ignore().add(text) }];
    const { names } = sys.call('readdir', here);
    for (const name of names) {
      const path = at === '' ? name : `${at}/${name}`;
      const stat = sys.call('statOrNull', joinPath(folder, path), false);
      if (!stat || (stat.mode & S_IFMT) === S_IFLNK || name === 'node_modules' || never.ignores(path)) continue;
      const isFolder = (stat.mode & S_IFMT) === S_IFDIR;
      const always = at === '' && ALWAYS.test(name);
      const ignored = own.some(({ base, rules }) => rules.ignores(path.slice(base.length) + (isFolder ? '/' : '')));
      if (ignored && !always && !needed.has(path)) continue;
      if (isFolder) walk(path, own);
      else if (always || needed.has(path) || !chosen || chosen.ignores(path)) found.push(path);
    }
  };
  walk('', []);
  return found.sort();
}
