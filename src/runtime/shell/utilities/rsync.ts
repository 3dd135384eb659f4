/** rsync between folders of the sandbox: what differs by size or time is copied whole. */

import { S_IFDIR, S_IFLNK, S_IFMT, S_IFREG } from '../../kernel/file-modes.ts';
import { append } from '../../kernel/large-lists.ts';
import type { Stat } from '../../kernel/syscalls.ts';
import { baseName, directoryName, joinPath } from '../paths.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import { lastValue, type Options, parseOptions } from './options.ts';
import { type Rule, readRules, ruleFor } from './rsync-rules.ts';
import { placeOnTrail, type Trail } from './trail.ts';

const LONG: Readonly<Record<string, string>> = {
  verbose: 'v',
  quiet: 'q',
  checksum: 'c',
  archive: 'a',
  recursive: 'r',
  relative: 'R',
  update: 'u',
  links: 'l',
  'copy-links': 'L',
  perms: 'p',
  executability: 'E',
  owner: 'o',
  group: 'g',
  times: 't',
  'omit-dir-times': 'O',
  'dry-run': 'n',
  'whole-file': 'W',
  'one-file-system': 'x',
  existing: 'existing',
  'ignore-non-existing': 'existing',
  'ignore-existing': 'ignore-existing',
  'remove-source-files': 'remove-source-files',
  delete: 'delete',
  del: 'delete',
  'delete-before': 'delete',
  'delete-during': 'delete',
  'delete-delay': 'delete',
  'delete-after': 'delete',
  'delete-excluded': 'delete-excluded',
  'size-only': 'size-only',
  'ignore-times': 'I',
  compress: 'z',
  'exclude=': 'exclude',
  'include=': 'include',
  'exclude-from=': 'exclude-from',
  'include-from=': 'include-from',
  'filter=': 'filter',
  'cvs-exclude': 'C',
  stats: 'stats',
  'human-readable': 'h',
  progress: 'progress',
  'itemize-changes': 'i',
  'info=': 'info',
  mkpath: 'mkpath',
  inplace: 'inplace',
  partial: 'partial',
  'max-size=': 'max-size',
  'min-size=': 'min-size',
  'bwlimit=': 'bwlimit',
  'rsh=': 'e',
  'no-perms': 'no-perms',
  'no-owner': 'no-owner',
  'no-group': 'no-group',
  'no-times': 'no-times',
  'hard-links': 'H',
  'numeric-ids': 'numeric-ids',
  dirs: 'd',
  'prune-empty-dirs': 'm',
};

const USAGE = 'Usage: rsync [OPTION]... SRC [SRC]... DEST\n';

export const rsync: Utility = async (context) => {
  const options = parseOptions(context.args, { short: 'vqcarRulLpEogtOnWxIzCPhiHXAdmDe:', long: LONG });
  const failed = async (message: string, status: number, where: string) => {
    await context.stderr.print(`rsync: ${message}\nrsync error: ${where} (code ${status})\n`);
    return status;
  };
  if (options.problem) return await failed(options.problem, 1, 'syntax or usage error');
  const remote = options.operands.find((name) => /^[^/]*:|^rsync:/.test(name));
  if (remote !== undefined)
    return await failed(
      `cannot reach ${remote}: the sandbox has no network`,
      12,
      'error in rsync protocol data stream',
    );
  if (options.operands.length < 2) {
    await context.stderr.print(`${USAGE}rsync error: syntax or usage error (code 1)\n`);
    return 1;
  }
  return await new Transfer(context, options).run();
};

/** A file or folder to send: its path from the top of the transfer. */
interface Entry {
  /** Where it lies. */
  source: string;
  /** As it is called there; empty for the folder itself. */
  name: string;
  stat: Stat;
}

const kindOf = ({ mode }: Stat): number => mode & S_IFMT;

class Transfer {
  readonly #context: UtilityContext;
  readonly #options: Options;
  readonly #rules: readonly Rule[];
  readonly #destination: string;
  #status = 0;
  /** What is told before the names. */
  readonly #skipped: string[] = [];
  #sent = 0;
  #total = 0;

  constructor(context: UtilityContext, options: Options) {
    this.#context = context;
    this.#options = options;
    this.#rules = readRules(context, options);
    this.#destination = options.operands.at(-1) ?? '';
  }

  #has(...flags: string[]): boolean {
    return flags.some((flag) => this.#options.flags.has(flag));
  }

  /** By its letter, by `-a`, and not by `--no-…`. */
  #keeps(letter: string, name: string): boolean {
    return this.#has(letter, 'a') && !this.#has(`no-${name}`);
  }

  get #isDry(): boolean {
    return this.#has('n');
  }

  #stat(path: string, follow = false): Stat | null {
    return this.#context.sys.call('statOrNull', this.#context.resolve(path), follow);
  }

  async run(): Promise<number> {
    const sources = this.#options.operands.slice(0, -1);
    if (this.#has('r', 'a')) await this.#tell('sending incremental file list');
    const entries: Entry[] = [];
    for (const source of sources) append(entries, await this.#listSource(source));
    const target = this.#stat(this.#destination, true);
    const [only, ...others] = entries;
    const asFile = only && others.length === 0 && kindOf(only.stat) !== S_IFDIR && !this.#destination.endsWith('/');
    if (asFile && (!target || kindOf(target) !== S_IFDIR)) await this.#sendTo(only, this.#destination, target);
    else await this.#sendAll(entries, target === null);
    await this.#summary();
    if (this.#status !== 0)
      await this.#context.stderr.print(
        'rsync error: some files/attrs were not transferred (see previous errors) (code 23)\n',
      );
    return this.#status;
  }

  async #tell(text: string): Promise<void> {
    if (this.#has('v', 'P', 'progress') && !this.#has('q')) await this.#context.stdout.line(text);
  }

  /** Names of what was sent are told with `-v` and `-i`. */
  async #tellName(change: string, name: string): Promise<void> {
    if (this.#has('q')) return;
    if (this.#has('i')) await this.#context.stdout.line(`${change.padEnd(11)} ${name}`);
    else await this.#tell(name);
  }

  async #listSource(source: string): Promise<Entry[]> {
    const stat = this.#stat(source, source.endsWith('/') || this.#has('L'));
    if (!stat) {
      this.#status = 23;
      await this.#context.stderr.print(
        `rsync: [sender] link_stat "${this.#context.resolve(source)}" failed: No such file or directory (2)\n`,
      );
      return [];
    }
    const name = this.#has('R')
      ? source.replace(/^\/+|\/+$/g, '').replace(/^\.\//, '')
      : source.endsWith('/') || /(^|\/)\.\.?$/.test(source)
        ? ''
        : baseName(source);
    if (kindOf(stat) === S_IFDIR && !this.#has('r', 'a', 'd')) {
      await this.#context.stdout.line(`skipping directory ${source.replace(/\/$/, '') || '.'}`);
      return [];
    }
    const parents = this.#has('R') ? this.#parentsOf(name, source) : [];
    return [...parents, ...(await this.#walk({ source: source.replace(/(?<=.)\/$/, ''), name, stat }))];
  }

  /** With `-R` the folders on the way are sent too. */
  #parentsOf(name: string, source: string): Entry[] {
    const parts = name.split('/').slice(0, -1);
    const before = source.slice(0, source.indexOf(name));
    return parts.flatMap((_, index): Entry[] => {
      const path = parts.slice(0, index + 1).join('/');
      const stat = this.#stat(before + path, true);
      return stat ? [{ source: before + path, name: path, stat }] : [];
    });
  }

  /** Files before folders, each folder with what is in it. */
  async #walk(entry: Entry, outer?: Trail): Promise<Entry[]> {
    const { source, name, stat } = entry;
    if (kindOf(stat) !== S_IFDIR) {
      if (kindOf(stat) === S_IFREG || (kindOf(stat) === S_IFLNK && this.#keeps('l', 'links'))) return [entry];
      this.#skipped.push(`skipping non-regular file "${name}"`);
      return [];
    }
    if (!this.#has('r', 'a')) return [entry];
    if (placeOnTrail(outer, stat) !== undefined) {
      this.#status = 23;
      await this.#context.stderr.print(`rsync: [sender] ${source}: recursive directory loop\n`);
      return [];
    }
    const children = this.#context.sys
      .call('readdir', this.#context.resolve(source))
      .names.flatMap((child): Entry[] => {
        const path = joinPath(source, child);
        const found = this.#stat(path, this.#has('L'));
        const called = name === '' ? child : `${name}/${child}`;
        if (!found || ruleFor(this.#rules, called, kindOf(found) === S_IFDIR) === 'exclude') return [];
        return [{ source: path, name: called, stat: found }];
      });
    const isFolder = ({ stat: found }: Entry) => Number(kindOf(found) === S_IFDIR);
    children.sort((a, b) => isFolder(a) - isFolder(b) || (a.name < b.name ? -1 : 1));
    const all = [entry];
    for (const child of children) append(all, await this.#walk(child, { path: source, stat, outer }));
    return this.#has('m') && name !== '' && all.every((item) => kindOf(item.stat) === S_IFDIR) ? [] : all;
  }

  async #sendAll(entries: readonly Entry[], isNew: boolean): Promise<void> {
    const { sys } = this.#context;
    if (isNew && entries.length > 0) {
      if (!this.#stat(directoryName(this.#context.resolve(this.#destination)), true) && !this.#has('mkpath')) {
        this.#status = 11;
        await this.#context.stderr.print(
          `rsync: [Receiver] mkdir "${this.#context.resolve(this.#destination)}" failed: No such file or directory (2)\n`,
        );
        return;
      }
      const created = `created directory ${this.#destination.replace(/\/$/, '')}`;
      if (this.#has('v', 'i') && !this.#has('q')) await this.#context.stdout.line(created);
      if (!this.#isDry) sys.call('mkdir', this.#context.resolve(this.#destination), 0o777, true);
    }
    for (const line of this.#skipped) await this.#context.stdout.line(line);
    if (this.#has('delete', 'delete-excluded')) await this.#removeOthers(entries);
    for (const entry of entries) {
      const path = entry.name === '' ? this.#destination : joinPath(this.#destination, entry.name);
      await this.#sendTo(entry, path, isNew && entry.name === '' ? null : this.#stat(path));
    }
    // What is put into a folder changes its time.
    if (this.#isDry || !this.#keeps('t', 'times') || this.#has('O')) return;
    for (const { name, stat } of [...entries].reverse())
      if (kindOf(stat) === S_IFDIR)
        this.#setTimes(name === '' ? this.#destination : joinPath(this.#destination, name), stat);
  }

  async #removeOthers(entries: readonly Entry[]): Promise<void> {
    const sent = new Set(entries.map(({ name }) => name));
    for (const { name, stat } of entries) {
      const folder = name === '' ? this.#destination : joinPath(this.#destination, name);
      const there = this.#stat(folder, true);
      if (kindOf(stat) !== S_IFDIR || !there || kindOf(there) !== S_IFDIR) continue;
      for (const child of this.#context.sys.call('readdir', this.#context.resolve(folder)).names.reverse()) {
        const called = name === '' ? child : `${name}/${child}`;
        if (!sent.has(called)) await this.#removeTree(called);
      }
    }
  }

  /** What is excluded stays, and so do the folders that hold it. */
  async #removeTree(name: string): Promise<boolean> {
    const path = joinPath(this.#destination, name);
    const stat = this.#stat(path);
    if (!stat) return true;
    const isFolder = kindOf(stat) === S_IFDIR;
    if (!this.#has('delete-excluded') && ruleFor(this.#rules, name, isFolder) === 'exclude') return false;
    let isEmpty = true;
    if (isFolder)
      for (const child of this.#context.sys.call('readdir', this.#context.resolve(path)).names.reverse())
        isEmpty = (await this.#removeTree(`${name}/${child}`)) && isEmpty;
    if (!isEmpty) return false;
    await this.#tellName(
      '*deleting',
      this.#has('i') ? `  ${name}${isFolder ? '/' : ''}` : `deleting ${name}${isFolder ? '/' : ''}`,
    );
    if (!this.#isDry) this.#context.sys.call('remove', this.#context.resolve(path), true);
    return true;
  }

  async #sendTo(entry: Entry, path: string, there: Stat | null): Promise<void> {
    const { stat, name } = entry;
    const kind = kindOf(stat);
    if (kind !== S_IFDIR) this.#total += stat.size;
    if ((there && kind !== S_IFDIR && this.#has('ignore-existing')) || (!there && this.#has('existing'))) return;
    if (kind === S_IFDIR) await this.#sendFolder(entry, path, there);
    else if (kind === S_IFLNK) await this.#sendLink(entry, path, there);
    else if (this.#isWanted(entry, path, there)) {
      await this.#tellName(there ? '>f.st......' : '>f+++++++++', name === '' ? baseName(path) : name);
      this.#sent += stat.size;
      if (!this.#isDry) this.#copyFile(entry, path, there);
    } else if (there && !this.#isDry) this.#setAttributes(path, stat);
    if (this.#has('remove-source-files') && kind !== S_IFDIR && !this.#isDry)
      this.#context.sys.call('unlink', this.#context.resolve(entry.source));
  }

  async #sendFolder({ name, stat }: Entry, path: string, there: Stat | null): Promise<void> {
    const shown = name === '' ? './' : `${name}/`;
    const changed = there !== null && this.#keeps('t', 'times') && !sameSecond(there, stat);
    if (!there) await this.#tellName('cd+++++++++', shown);
    else if (changed) await this.#tellName('.d..t......', shown);
    if (this.#isDry) return;
    if (there && kindOf(there) !== S_IFDIR) this.#context.sys.call('remove', this.#context.resolve(path), true);
    this.#context.sys.call('mkdir', this.#context.resolve(path), 0o777, true);
    if (this.#keeps('p', 'perms')) this.#context.sys.call('chmod', this.#context.resolve(path), stat.mode & 0o7777);
  }

  async #sendLink({ source, name }: Entry, path: string, there: Stat | null): Promise<void> {
    const { sys } = this.#context;
    const target = sys.call('readlink', this.#context.resolve(source));
    const full = this.#context.resolve(path);
    if (there && kindOf(there) === S_IFLNK && sys.call('readlink', full) === target) return;
    await this.#tellName(there ? 'cL.........' : 'cL+++++++++', `${name} -> ${target}`);
    if (this.#isDry) return;
    sys.call('remove', full, true);
    sys.call('symlink', target, full);
  }

  /** Whether a file differs from what is there, as far as the options look. */
  #isWanted({ source, stat }: Entry, path: string, there: Stat | null): boolean {
    const [most, least] = [lastValue(this.#options, 'max-size'), lastValue(this.#options, 'min-size')];
    if (most !== undefined && stat.size > sizeOf(most)) return false;
    if (least !== undefined && stat.size < sizeOf(least)) return false;
    if (!there || kindOf(there) !== S_IFREG) return true;
    if (this.#has('u') && there.mtimeMs > stat.mtimeMs) return false;
    if (this.#has('I') || there.size !== stat.size) return true;
    if (this.#has('c')) return !this.#sameContent(source, path);
    return !this.#has('size-only') && !sameSecond(there, stat);
  }

  #sameContent(left: string, right: string): boolean {
    const [a, b] = [left, right].map((path) => this.#context.sys.call('readFile', this.#context.resolve(path)));
    return a !== undefined && b !== undefined && a.every((byte, index) => byte === b[index]);
  }

  #copyFile({ source, stat }: Entry, path: string, there: Stat | null): void {
    const { sys } = this.#context;
    const full = this.#context.resolve(path);
    if (this.#has('R', 'mkpath')) sys.call('mkdir', directoryName(full), 0o777, true);
    if (there && kindOf(there) !== S_IFREG) sys.call('remove', full, true);
    sys.call('copyFile', this.#context.resolve(source), full, 0);
    this.#setAttributes(path, stat);
  }

  #setAttributes(path: string, stat: Stat): void {
    if (this.#keeps('p', 'perms')) this.#context.sys.call('chmod', this.#context.resolve(path), stat.mode & 0o7777);
    if (this.#keeps('t', 'times')) this.#setTimes(path, stat);
  }

  #setTimes(path: string, { mtimeMs }: Stat): void {
    this.#context.sys.call('utimes', this.#context.resolve(path), Date.now(), mtimeMs, true);
  }

  async #summary(): Promise<void> {
    if (this.#has('q') || !this.#has('v', 'stats')) return;
    const number = (value: number) => value.toLocaleString('en-US');
    const speed = this.#total / Math.max(this.#sent, 1);
    await this.#context.stdout.line(
      `\nsent ${number(this.#sent)} bytes  received 0 bytes  ${number(this.#sent)}.00 bytes/sec\ntotal size is ${number(this.#total)}  speedup is ${speed.toFixed(2)}${this.#isDry ? ' (DRY RUN)' : ''}`,
    );
  }
}

const sameSecond = (a: Stat, b: Stat): boolean => Math.floor(a.mtimeMs / 1000) === Math.floor(b.mtimeMs / 1000);

function sizeOf(text: string): number {
  const [, digits = '0', unit = ''] = /^([\d.]+)([kmg]?)/i.exec(text) ?? [];
  return Number(digits) * 1024 ** ['', 'k', 'm', 'g'].indexOf(unit.toLowerCase());
}
