import type { FileChange, Files } from '../session/files.ts';
import { besideBranch } from './container/beside-branch.ts';
import { ContainerBranch } from './container/container-branch.ts';
import { ContainerCopy } from './container/container-copy.ts';
import { bootLive, type LiveContainer } from './container/live-container.ts';
import { mountTree } from './container/mount-tree.ts';
import { RebootableCopy } from './container/rebootable-copy.ts';
import { watchServers } from './container/watch-servers.ts';
import type { Runtime } from './container/webcontainer.ts';
import type { Branch, Sandbox, SandboxServer, TreeEntry } from './sandbox.ts';
import { isOmitted } from './source-files.ts';

export interface SandboxListeners {
  /** Told which servers listen in the sandbox, after every change; a reboot ends them all. */
  readonly onServers?: (servers: readonly SandboxServer[]) => void;
}

/** Boots a sandbox. Rejects with SandboxLostError. */
export async function createSandbox(runtime: Runtime, listeners: SandboxListeners = {}): Promise<Sandbox> {
  return new ContainerSandbox(await bootLive(runtime), listeners);
}

const MOUNT_SECONDS = 300;
const BRANCH_NAME = /^[\w-]+$/;

class ContainerSandbox extends RebootableCopy implements Sandbox {
  #container: LiveContainer;
  readonly #listeners: SandboxListeners;
  /** The main working copy: the project's folder. */
  protected copy: ContainerCopy;
  /** What was written but is no source (installed code): a reboot brings it back. */
  readonly #beside = new Map<string, FileChange>();
  readonly #mounted: (readonly TreeEntry[])[] = [];
  #booting: Promise<void> | null = null;

  constructor(container: LiveContainer, listeners: SandboxListeners) {
    super();
    this.#container = container;
    this.#listeners = listeners;
    this.#watchServers();
    this.copy = this.#copyOf({});
  }

  get folder(): string {
    return this.#container.api.workdir;
  }

  override write(changes: readonly FileChange[]): Promise<void> {
    for (const change of changes) if (isOmitted(change.path)) this.#beside.set(change.path, change);
    return super.write(changes);
  }

  mount(entries: readonly TreeEntry[]): Promise<void> {
    this.#mounted.push(entries);
    return this.copy.inTurn(({ container }) => mountEntries(container, entries));
  }

  reboot(files: Files): Promise<void> {
    const booting = this.#reboot(files).finally(() => {
      if (this.#booting === booting) this.#booting = null;
    });
    this.#booting = booting;
    return booting;
  }

  async branch(name: string, files: Files): Promise<Branch> {
    if (!BRANCH_NAME.test(name)) throw new Error(`"${name}" cannot be a branch: letters, digits, "-" and "_" only.`);
    const container = async () => {
      await this.#booting;
      return this.#container;
    };
    const host = { container, replace: (lost: LiveContainer) => this.#replace(lost) };
    return ContainerBranch.create({ name, files, beside: await this.#besideBranch() }, host);
  }

  dispose(): void {
    this.#container.retire();
  }

  async #besideBranch(): Promise<readonly TreeEntry[]> {
    if (this.#mounted.length === 0) return [];
    const omitted = this.copy.omitted ?? (await this.snapshot()).omitted;
    return besideBranch(this.#mounted.flat(), { omitted, folder: this.folder });
  }

  #watchServers(): void {
    const { onServers } = this.#listeners;
    if (onServers) watchServers(this.#container, onServers);
  }

  #copyOf(files: Files): ContainerCopy {
    return new ContainerCopy(files, async () => ({ container: this.#container, folder: '' }));
  }

  /** Several branches may have lost the same container: it is booted again once. */
  async #replace(lost: LiveContainer): Promise<void> {
    if (this.#booting) return this.#booting;
    if (this.#container === lost) await this.reboot(this.copy.files);
  }

  async #reboot(files: Files): Promise<void> {
    // A new queue: what is in the old one may wait for ever for the sandbox that is gone.
    this.copy = this.#copyOf(files);
    this.#container.retire();
    this.#container = await bootLive(this.#container.runtime);
    this.#listeners.onServers?.([]);
    this.#watchServers();
    for (const entries of this.#mounted) await mountEntries(this.#container, entries);
    await this.copy.write([...this.#beside.values()]);
    await this.copy.restore(files);
  }
}

// Tens of thousands of files take their time.
const mountEntries = (container: LiveContainer, entries: readonly TreeEntry[]): Promise<void> =>
  container.call(mountTree(container, '.', entries), MOUNT_SECONDS);
