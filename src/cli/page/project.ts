/** A task's project in the sandbox: its sources are the session's, its installed code is kept by the command line for re-runs. */
import type { Sandbox, TreeEntry } from '../../sandbox/sandbox.ts';
import { bytesToContent, contentToBytes } from '../../session/content.ts';
import { type Content, type Files, isNpmSettings, isSecretFile } from '../../session/files.ts';
import type { Start } from '../../session/start-session.ts';
import type { Installed } from '../../session/values.ts';
import { loadTask } from '../../task/gallery.ts';
import { projectPrefix, taskFromFolder } from '../../task/parse-task.ts';
import type { Task } from '../../task/task.ts';
import { decodePack, encodePack, type PackedFile } from '../pack.ts';
import type { AgentRequest } from '../page-api.ts';
import { fetchPack } from './fetch-pack.ts';

const INSTALLED_FOLDER = /(^|\/)(node_modules|\.git)\//;

interface Project {
  readonly task: Task;
  /** All of it, with what is no source; paths relative to the project. */
  readonly entries: readonly PackedFile[];
}

/** Reads a task of the gallery, or a folder from its pack. Rejects with TaskError. */
export async function readProject({ task: named, goal }: Pick<AgentRequest, 'task' | 'goal'>): Promise<Project> {
  if (!('pack' in named)) {
    const loaded = await loadTask(named.name);
    const task = goal === null ? loaded : { ...loaded, goal };
    const files = Object.entries(task.files);
    return { task, entries: files.map(([path, content]) => ({ path, type: 'file', bytes: contentToBytes(content) })) };
  }
  // Sessions tell of no modes: a re-run would have none.
  const pack = (await fetchPack(named.pack)).map(withoutMode);
  const texts = pack.flatMap((file): [string, Content][] =>
    file.type === 'file' && !INSTALLED_FOLDER.test(file.path) ? [[file.path, bytesToContent(file.bytes)]] : [],
  );
  const task = taskFromFolder(named.name, Object.fromEntries(texts), goal);
  const prefix = projectPrefix(pack.map(({ path }) => path));
  const entries = pack
    .filter(({ path }) => path.startsWith(prefix) && path !== prefix)
    .map((entry) => ({ ...entry, path: entry.path.slice(prefix.length) }))
    // Held-out tests and the solution may stand in the folder, and are no part of the project.
    .filter(({ type, path }) => type !== 'file' || INSTALLED_FOLDER.test(path) || Object.hasOwn(task.files, path));
  return { task, entries };
}

function withoutMode(file: PackedFile): PackedFile {
  return file.type === 'file' ? { path: file.path, type: 'file', bytes: file.bytes } : file;
}

/** Puts a project into the sandbox. Installed code and secrets are in no session; what a session will not carry is kept by the command line, under its hash. */
export async function mountProject(sandbox: Sandbox, { entries }: Project): Promise<Start> {
  await sandbox.mount(entries satisfies readonly TreeEntry[]);
  const { files } = await sandbox.snapshot();
  const rest = installedEntries(entries, files);
  if (rest.length === 0) return { files, installed: null };
  const pack = encodePack(rest);
  const hash = await sha256(pack);
  const url = `/__installed/${hash}`;
  if (!(await fetch(url, { method: 'HEAD' })).ok) {
    const kept = await fetch(url, { method: 'PUT', body: pack });
    const problem = `the installed code could not be kept for re-runs: ${await kept.text()}`;
    if (!kept.ok) void window.fixpointEmit({ type: 'progress', text: problem });
  }
  return { files, installed: { hash, files: rest.length, bytes: pack.length } };
}

/** What was installed when a session was recorded: kept by the command line, or taken out of the project's folder. */
export async function findInstalled({ hash, files, bytes }: Installed, sources: Files, folder: string | null) {
  if (folder !== null) {
    const project = await readProject({ task: { pack: folder, name: 'project' }, goal: null });
    const entries = installedEntries(project.entries, sources);
    return { entries, same: (await sha256(encodePack(entries))) === hash };
  }
  const response = await fetch(`/__installed/${hash}`);
  if (!response.ok) {
    const size = `${files} files, ${(bytes / 1e6).toFixed(1)} MB`;
    throw new Error(
      `The session was recorded with installed code (${size}) that it does not carry and that is not kept on this machine: give its project's folder with --project DIR.`,
    );
  }
  return { entries: decodePack(new Uint8Array(await response.arrayBuffer())), same: true };
}

/** The files and links of a project that its session does not hold; secrets are kept nowhere. */
function installedEntries(entries: readonly PackedFile[], sources: Files): PackedFile[] {
  return entries.filter(
    ({ type, path }) =>
      type !== 'directory' && !Object.hasOwn(sources, path) && !isSecretFile(path) && !isNpmSettings(path),
  );
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
