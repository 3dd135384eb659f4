import { contentToBytes } from '../../session/content.ts';
import type { Files } from '../../session/files.ts';
import type { Branch, TreeEntry } from '../sandbox.ts';
import { ContainerCopy } from './container-copy.ts';
import type { ContainerFolder } from './container-folder.ts';
import type { LiveContainer } from './live-container.ts';
import { mountTree } from './mount-tree.ts';
import { RebootableCopy } from './rebootable-copy.ts';

/** Below the project's folder, so that installed code and npm's programs are found up the tree; no snapshot looks in here. */
const BRANCHES = '.fixpoint/branches';

/** The sandbox as its branches see it. */
export interface BranchHost {
  /** The container that runs; waits for one that is being booted. */
  container(): Promise<LiveContainer>;
  /** Boots the next container, unless this one does not run any more. */
  replace(container: LiveContainer): Promise<void>;
}

export interface BranchContents {
  readonly name: string;
  readonly files: Files;
  /** What is there beside the files: see `besideBranch`. */
  readonly beside: readonly TreeEntry[];
}

/** A working copy in a folder of its own. When the sandbox was booted again, the copy is made again at its next call. */
export class ContainerBranch extends RebootableCopy implements Branch {
  readonly name: string;
  readonly #host: BranchHost;
  readonly #beside: readonly TreeEntry[];
  protected copy: ContainerCopy;
  #placedIn: LiveContainer | null = null;

  private constructor({ name, files, beside }: BranchContents, host: BranchHost) {
    super();
    this.name = name;
    this.#beside = beside;
    this.#host = host;
    this.copy = new ContainerCopy(files, () => this.#place());
  }

  static async create(contents: BranchContents, host: BranchHost): Promise<ContainerBranch> {
    const branch = new ContainerBranch(contents, host);
    await branch.#place();
    return branch;
  }

  get folder(): string {
    return `${this.#placedIn?.api.workdir ?? ''}/${BRANCHES}/${this.name}`;
  }

  async reboot(files: Files): Promise<void> {
    // A new queue: what is in the old one may wait for ever for the container that is gone.
    this.copy = new ContainerCopy(files, () => this.#place());
    if (this.#placedIn) await this.#host.replace(this.#placedIn);
    this.#placedIn = null;
    await this.copy.inTurn(() => Promise.resolve());
  }

  async remove(): Promise<void> {
    const { api, call } = await this.#host.container();
    await call(api.fs.rm(`${BRANCHES}/${this.name}`, { recursive: true, force: true }));
    // Gone already when another branch was the last one.
    const left = await call(api.fs.readdir(BRANCHES)).catch(() => []);
    if (left.length === 0) await call(api.fs.rm(BRANCHES, { recursive: true, force: true }));
  }

  async #place(): Promise<ContainerFolder> {
    const container = await this.#host.container();
    const folder = `${BRANCHES}/${this.name}`;
    if (this.#placedIn !== container) await placeFiles({ container, folder }, this.copy.files, this.#beside);
    this.#placedIn = container;
    return { container, folder };
  }
}

async function placeFiles(
  { container, folder }: ContainerFolder,
  files: Files,
  beside: readonly TreeEntry[],
): Promise<void> {
  const { api, call } = container;
  await call(api.fs.rm(folder, { recursive: true, force: true }));
  const sources = Object.entries(files).map(
    ([path, content]): TreeEntry => ({ path, type: 'file', bytes: contentToBytes(content) }),
  );
  const links = await installedLinks(container, files);
  const isCovered = ({ path }: TreeEntry) =>
    beside.some((entry) => entry.path === path || entry.path.startsWith(`${path}/`));
  const others = links.filter((link) => !isCovered(link));
  await call(mountTree(container, folder, [...sources, ...beside, ...others]));
}

/** Links to the main copy's installed code, which stands beside a package.json: some scripts name it by its path. */
async function installedLinks({ api, call }: LiveContainer, files: Files): Promise<TreeEntry[]> {
  const links: TreeEntry[] = [];
  for (const path of Object.keys(files)) {
    if (path !== 'package.json' && !path.endsWith('/package.json')) continue;
    const parent = path.slice(0, -'package.json'.length);
    const target = `${parent}node_modules`;
    // In a folder that is not there nothing is installed.
    const names: readonly string[] = await call(api.fs.readdir(parent === '' ? '.' : parent)).catch(() => []);
    if (names.includes('node_modules')) links.push({ path: target, type: 'link', target: `${api.workdir}/${target}` });
  }
  return links;
}
