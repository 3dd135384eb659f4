/** A repository and its work tree. Objects and refs go through isomorphic-git; the index and the work tree are read here. */
import { sha1 } from '@noble/hashes/legacy.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import * as git from 'isomorphic-git';
import { S_IFDIR, S_IFLNK, S_IFMT } from '../../kernel/file-modes.ts';
import type { Stat } from '../../kernel/syscalls.ts';
import { directoryName, resolvePath } from '../paths.ts';
import { concatenate } from '../streams.ts';
import type { UtilityContext } from '../utility.ts';
import { configFiles, readConfigValue } from './config-file.ts';
import { GitError } from './git-error.ts';
import { type IndexEntry, parseIndex, serializeIndex } from './index-file.ts';
import { noteMove } from './reflog.ts';
import { resolveRevision } from './revisions.ts';
import { systemFiles, writeWhole } from './system-files.ts';
import { linkedFolder, sharedFolder, sharing } from './worktrees.ts';

/** A file of a tree, of the index or of the work tree. */
export interface FileState {
  mode: number;
  oid: string;
}

/** By path, relative to the top of the work tree. */
export type FileMap = Map<string, FileState>;

export interface CommitInfo {
  oid: string;
  tree: string;
  parents: string[];
  author: git.CommitObject['author'];
  committer: git.CommitObject['committer'];
  message: string;
}

const encoder = new TextEncoder();

export class Repository {
  readonly context: UtilityContext;
  /** Top of the work tree. */
  readonly root: string;
  readonly gitdir: string;
  /** What the work trees of a repository share: its own git folder where it has one alone. */
  readonly commonDir: string;
  /** Without a work tree. */
  readonly bare: boolean;
  readonly fs: ReturnType<typeof systemFiles>;
  readonly cache = {};
  #index: IndexEntry[] | undefined;

  constructor(context: UtilityContext, root: string, gitdir = `${root}/.git`) {
    this.root = root;
    this.gitdir = gitdir;
    this.bare = root === gitdir;
    this.commonDir = sharedFolder(context, gitdir);
    this.context =
      this.commonDir === gitdir ? context : { ...context, sys: sharing(context.sys, gitdir, this.commonDir) };
    this.fs = systemFiles(this.context.sys);
  }

  /** The repository around a folder. Throws {@link GitError} where there is none. */
  static find(context: UtilityContext, cwd: string): Repository {
    const given = context.env.get('GIT_DIR');
    if (given !== undefined)
      return new Repository(
        context,
        resolvePath(cwd, context.env.get('GIT_WORK_TREE') ?? '.'),
        resolvePath(cwd, given),
      );
    for (let folder = resolvePath(cwd, '.'); ; folder = directoryName(folder)) {
      const found =
        Repository.at(context, folder === '/' ? '/.git' : `${folder}/.git`) ?? Repository.at(context, folder);
      if (found) return found;
      if (folder === '/') throw new GitError('not a git repository (or any of the parent directories): .git');
    }
  }

  /** The repository whose git folder this is; undefined when it is none. One that is not named `.git` has no work tree. */
  static at(context: UtilityContext, gitdir: string): Repository | undefined {
    const linked = gitdir.endsWith('/.git') ? linkedFolder(context, gitdir) : undefined;
    if (linked !== undefined) return new Repository(context, directoryName(gitdir), linked);
    for (const name of ['HEAD', 'objects', 'refs'])
      if (!context.sys.call('statOrNull', `${gitdir}/${name}`, true)) return undefined;
    return new Repository(context, gitdir.endsWith('/.git') ? directoryName(gitdir) : gitdir, gitdir);
  }

  /** What isomorphic-git's functions want. */
  get base() {
    return { fs: this.fs, dir: this.root, gitdir: this.gitdir, cache: this.cache };
  }

  /** Path relative to the top of the work tree, of one relative to the current folder. */
  relative(path: string, cwd: string): string {
    const full = resolvePath(cwd, path);
    if (full === this.root) return '';
    const prefix = this.root === '/' ? '/' : `${this.root}/`;
    if (!full.startsWith(prefix)) throw new GitError(`${path}: '${path}' is outside repository at '${this.root}'`);
    return full.slice(prefix.length);
  }

  absolute(path: string): string {
    return path === '' ? this.root : `${this.root === '/' ? '' : this.root}/${path}`;
  }

  async config(key: string): Promise<string | undefined> {
    return readConfigValue(this.context, configFiles(this.context, this.commonDir), key);
  }

  // -- index -----------------------------------------------------------------------------------------------------

  /** Entries, sorted. */
  get entries(): IndexEntry[] {
    if (!this.#index) {
      const path = `${this.gitdir}/index`;
      const exists = this.context.sys.call('statOrNull', path, true);
      this.#index = exists ? parseIndex(new Uint8Array(this.context.sys.call('readFile', path))) : [];
    }
    return this.#index;
  }

  saveIndex(entries: IndexEntry[]): void {
    const sorted = parseIndex(serializeIndex(entries));
    this.#index = sorted;
    writeWhole(this.context.sys, `${this.gitdir}/index`, serializeIndex(sorted));
  }

  /** What is staged; for a path in conflict our side, or another one. */
  indexMap(side = 2): FileMap {
    const map: FileMap = new Map();
    for (const { path, mode, oid, stage, intended } of this.entries)
      if ((stage === 0 && !intended) || stage === side) map.set(path, { mode, oid });
    return map;
  }

  conflicts(): Set<string> {
    return new Set(this.entries.filter(({ stage }) => stage > 0).map(({ path }) => path));
  }

  /** An index entry for a file as it lies in the work tree, or without stat data. */
  entryFor(path: string, { mode, oid }: FileState, stage = 0): IndexEntry {
    const stat = this.statFile(path);
    const none = { size: 0, mtimeMs: 0, ctimeMs: 0, ino: 0, dev: 0, uid: 0, gid: 0 };
    if (!stat || stage > 0) return { path, mode, oid, stage, ...none };
    const { size, mtimeMs, ctimeMs, ino, dev, uid, gid } = stat;
    return { path, mode, oid, stage, size, mtimeMs, ctimeMs, ino, dev, uid, gid };
  }

  /** As entryFor, but without stat data when the file's content is another: it must show as changed. */
  checkedEntry(path: string, state: FileState): IndexEntry {
    const work = this.fileState(path);
    const same = work?.oid === state.oid && work.mode === state.mode;
    return same ? this.entryFor(path, state) : { ...this.entryFor(path, state, 1), stage: 0 };
  }

  /** Replaces the whole index by these files. */
  setIndex(files: FileMap): void {
    const old = new Map(this.entries.filter(({ stage }) => stage === 0).map((entry) => [entry.path, entry]));
    this.saveIndex(
      [...files].map(([path, state]) => {
        const before = old.get(path);
        return before && before.oid === state.oid && before.mode === state.mode && !before.intended
          ? before
          : this.checkedEntry(path, state);
      }),
    );
  }

  // -- objects ---------------------------------------------------------------------------------------------------

  async hasObject(oid: string): Promise<boolean> {
    if (this.context.sys.call('statOrNull', `${this.gitdir}/objects/${oid.slice(0, 2)}/${oid.slice(2)}`, true))
      return true;
    try {
      await git.readObject({ ...this.base, oid, format: 'deflated' });
      return true;
    } catch (error) {
      if (error instanceof git.Errors.NotFoundError) return false;
      throw error;
    }
  }

  async readBlob(oid: string): Promise<Uint8Array> {
    return (await git.readBlob({ ...this.base, oid })).blob;
  }

  async writeBlob(bytes: Uint8Array): Promise<string> {
    return await git.writeBlob({ ...this.base, blob: bytes });
  }

  /** What a tag stands for in the end. */
  async peel(oid: string): Promise<string> {
    const { object, type } = await git.readObject({ ...this.base, oid, format: 'parsed' });
    return type === 'tag' ? await this.peel((object as git.TagObject).object) : oid;
  }

  async readCommit(oid: string): Promise<CommitInfo> {
    const { commit, oid: real } = await git.readCommit({ ...this.base, oid });
    return {
      oid: real,
      tree: commit.tree,
      parents: commit.parent,
      author: commit.author,
      committer: commit.committer,
      message: commit.message,
    };
  }

  /** All files of a tree, or of a commit's. */
  async readTree(oid: string, prefix = '', into: FileMap = new Map()): Promise<FileMap> {
    const { tree } = await git.readTree({ ...this.base, oid });
    for (const { path, mode, oid: child, type } of tree) {
      const name = prefix === '' ? path : `${prefix}/${path}`;
      if (type === 'tree') await this.readTree(child, name, into);
      else into.set(name, { mode: Number.parseInt(mode, 8), oid: child });
    }
    return into;
  }

  /** The files of HEAD; none before the first commit. */
  async headFiles(): Promise<FileMap> {
    const head = await this.tryResolve('HEAD');
    return head === undefined ? new Map() : await this.readTree(head);
  }

  /** Writes the trees of these files; the id of the top one. */
  async writeTree(files: FileMap): Promise<string> {
    const folders = new Map<string, FileMap>();
    const tree: git.TreeObject = [];
    for (const [path, state] of files) {
      const slash = path.indexOf('/');
      if (slash === -1) tree.push({ path, mode: state.mode.toString(8), oid: state.oid, type: 'blob' });
      else {
        const name = path.slice(0, slash);
        const inner = folders.get(name) ?? new Map();
        inner.set(path.slice(slash + 1), state);
        folders.set(name, inner);
      }
    }
    for (const [path, inner] of folders)
      tree.push({ path, mode: '040000', oid: await this.writeTree(inner), type: 'tree' });
    return await git.writeTree({ ...this.base, tree });
  }

  // -- refs ------------------------------------------------------------------------------------------------------

  /** Name of the current branch; undefined when HEAD is detached. */
  branch(): string | undefined {
    const head = new TextDecoder().decode(this.context.sys.call('readFile', `${this.gitdir}/HEAD`));
    return /^ref: refs\/heads\/(.*)$/m.exec(head)?.[1];
  }

  async tryRef(ref: string): Promise<string | undefined> {
    try {
      return await git.resolveRef({ ...this.base, ref });
    } catch (error) {
      if (error instanceof git.Errors.NotFoundError) return undefined;
      throw error;
    }
  }

  /** The id of a commit's, or of the tag's own object; undefined for a name that means nothing. */
  async tryResolve(revision: string): Promise<string | undefined> {
    return await resolveRevision(this, revision);
  }

  /** Throws {@link GitError} as git words it. */
  async resolve(revision: string): Promise<string> {
    const oid = await this.tryResolve(revision);
    if (oid !== undefined) return oid;
    const [, holder, path] = /^([^:]+):(.+)$/.exec(revision) ?? [];
    if (holder !== undefined) {
      const known = (await this.tryResolve(holder)) !== undefined;
      throw new GitError(known ? `path '${path}' does not exist in '${holder}'` : `invalid object name '${holder}'.`);
    }
    throw new GitError(
      `ambiguous argument '${revision}': unknown revision or path not in the working tree.\nUse '--' to separate paths from revisions, like this:\n'git <command> [<revision>...] -- [<file>...]'`,
    );
  }

  /** Moves HEAD, or the branch that it stands on; `reason` is what the reflog says. */
  async moveHead(oid: string, reason: string): Promise<void> {
    const branch = this.branch();
    const ref = branch === undefined ? 'HEAD' : `refs/heads/${branch}`;
    const before = await this.tryResolve('HEAD');
    await git.writeRef({ ...this.base, ref, value: oid, force: true });
    await noteMove(this, branch === undefined ? ['HEAD'] : ['HEAD', ref], { before, after: oid, reason });
  }

  async setHead(target: { branch: string } | { oid: string }, reason?: string): Promise<void> {
    const text = 'branch' in target ? `ref: refs/heads/${target.branch}\n` : `${target.oid}\n`;
    const before = await this.tryResolve('HEAD');
    writeWhole(this.context.sys, `${this.gitdir}/HEAD`, encoder.encode(text));
    const after = await this.tryResolve('HEAD');
    if (reason !== undefined && after !== undefined) await noteMove(this, ['HEAD'], { before, after, reason });
  }

  /** The index is read anew: a hook may have changed it. */
  forgetIndex(): void {
    this.#index = undefined;
  }

  /** Entries of the stash, the newest first: from its reflog. */
  stashes(): { oid: string; message: string }[] {
    const path = `${this.gitdir}/logs/refs/stash`;
    if (!this.context.sys.call('statOrNull', path, true)) return [];
    const text = new TextDecoder().decode(this.context.sys.call('readFile', path));
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => ({ oid: line.slice(41, 81), message: line.slice(line.indexOf('\t') + 1) }))
      .reverse();
  }

  /** A file of the git folder, undefined when it is not there. */
  readState(name: string): string | undefined {
    const path = `${this.gitdir}/${name}`;
    if (!this.context.sys.call('statOrNull', path, true)) return undefined;
    return new TextDecoder().decode(this.context.sys.call('readFile', path));
  }

  writeState(name: string, text: string | undefined): void {
    const path = `${this.gitdir}/${name}`;
    if (text === undefined) this.context.sys.call('remove', path, true);
    else {
      this.context.sys.call('mkdir', directoryName(path), 0o777, true);
      writeWhole(this.context.sys, path, encoder.encode(text));
    }
  }

  // -- work tree -------------------------------------------------------------------------------------------------

  statFile(path: string): Stat | null {
    return this.context.sys.call('statOrNull', this.absolute(path), false);
  }

  /** A file's bytes; a link's target. */
  readFile(path: string, mode: number): Uint8Array {
    const full = this.absolute(path);
    if ((mode & S_IFMT) === S_IFLNK) return encoder.encode(this.context.sys.call('readlink', full));
    return new Uint8Array(this.context.sys.call('readFile', full));
  }

  /** What a file of the work tree would be in a tree; undefined when it is not there, or is a folder. */
  fileState(path: string): FileState | undefined {
    const stat = this.statFile(path);
    if (!stat || (stat.mode & S_IFMT) === S_IFDIR) return undefined;
    const mode = (stat.mode & S_IFMT) === S_IFLNK ? 0o120000 : stat.mode & 0o100 ? 0o100755 : 0o100644;
    return { mode, oid: blobId(this.readFile(path, stat.mode)) };
  }

  /** State of a tracked file: by its stat data when that did not change since it was staged. */
  trackedState(entry: IndexEntry): FileState | undefined {
    if (entry.assumed || entry.skipped) return entry;
    const stat = this.statFile(entry.path);
    if (!stat || (stat.mode & S_IFMT) === S_IFDIR) return undefined;
    const same =
      stat.size === entry.size &&
      Math.abs(stat.mtimeMs - entry.mtimeMs) < 0.001 &&
      stat.ino % 2 ** 32 === entry.ino &&
      Date.now() - stat.mtimeMs > 100;
    if (same && (entry.mode === 0o120000 || (entry.mode === 0o100755) === ((stat.mode & 0o100) !== 0))) return entry;
    return this.fileState(entry.path);
  }

  writeFile(path: string, { mode }: FileState, bytes: Uint8Array): void {
    const { sys } = this.context;
    const full = this.absolute(path);
    sys.call('mkdir', directoryName(full), 0o777, true);
    if (mode === 0o120000) {
      sys.call('remove', full, true);
      sys.call('symlink', new TextDecoder().decode(bytes), full);
      return;
    }
    const old = this.statFile(path);
    if (old && (old.mode & S_IFMT) !== 0o100000) sys.call('remove', full, true);
    writeWhole(sys, full, bytes);
    sys.call('chmod', full, mode === 0o100755 ? 0o755 : 0o644);
  }

  /** Removes a file and the folders that become empty. */
  removeFile(path: string): void {
    const { sys } = this.context;
    sys.call('remove', this.absolute(path), true);
    for (let folder = directoryName(path); folder !== '.'; folder = directoryName(folder)) {
      const full = this.absolute(folder);
      if (!sys.call('statOrNull', full, true) || sys.call('readdir', full).names.length > 0) return;
      sys.call('rmdir', full);
    }
  }
}

/** The id of a blob. */
export function blobId(bytes: Uint8Array): string {
  return bytesToHex(sha1(concatenate([encoder.encode(`blob ${bytes.length}\0`), bytes])));
}
