/** The page's one sandbox: booted when it is first needed, brought back when it is lost. */
import { type Sandbox, SandboxLostError, type SandboxServer, type WorkingCopy } from '../../sandbox/sandbox.ts';
import type { Files } from '../../session/files.ts';
import { messageOf, type Page } from '../page.ts';

/** Tests start and stop servers all the time: one that lasts is shown. */
const LASTING_MS = 300;
const BACK = 'It was started again with the files of this session.';

export class SandboxHolder {
  readonly #page: Page;
  #booting: Promise<Sandbox> | null = null;
  #lost: SandboxLostError | null = null;
  #showing: ReturnType<typeof setTimeout> | undefined;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Rejects with SandboxLostError when none can be started; the view says so too. */
  boot(): Promise<Sandbox> {
    if (this.#booting) return this.#booting;
    const { view } = this.#page;
    view.set({ sandbox: { state: 'booting' } });
    const booting = import('../../sandbox/create-sandbox.ts')
      .then(({ createSandbox }) =>
        createSandbox(view.get().settings.sandbox, { onServers: (servers) => this.#showServers(servers) }),
      )
      .then((sandbox) => this.#watch(sandbox));
    this.#booting = booting;
    booting.then(
      () => view.set({ sandbox: { state: 'ready' } }),
      (error) => {
        this.#booting = null;
        view.set({ sandbox: { state: 'failed', message: messageOf(error) } });
      },
    );
    return booting;
  }

  /** After work in the sandbox: when it was lost there, starts it again with these files and says so. */
  async revive(files: Files): Promise<void> {
    const lost = this.#lost;
    if (!lost || !this.#booting) return;
    const { view } = this.#page;
    view.set({ sandbox: { state: 'booting' } });
    try {
      await (await this.#booting).reboot(files);
      view.set({ sandbox: { state: 'ready' } });
    } catch (error) {
      this.#booting = null;
      view.set({ sandbox: { state: 'failed', message: messageOf(error) } });
      this.#page.tell('bad', `${lost.message} It could not be started again: ${messageOf(error)} Reload the page.`);
    }
  }

  #showServers(servers: readonly SandboxServer[]): void {
    clearTimeout(this.#showing);
    this.#showing = setTimeout(() => this.#page.view.set({ servers }), LASTING_MS);
  }

  /** The same sandbox; whoever loses or reboots it, the page knows. */
  #watch(sandbox: Sandbox): Sandbox {
    const noticing = async <T>(work: Promise<T>): Promise<T> => {
      try {
        return await work;
      } catch (error) {
        if (error instanceof SandboxLostError) this.#lost = error;
        throw error;
      }
    };
    const watch = (copy: WorkingCopy): WorkingCopy => ({
      folder: copy.folder,
      run: (command, options) => noticing(copy.run(command, options)),
      write: (changes) => noticing(copy.write(changes)),
      snapshot: () => noticing(copy.snapshot()),
      read: (path) => noticing(copy.read(path)),
      list: (folder) => noticing(copy.list(folder)),
      restore: (files) => noticing(copy.restore(files)),
      reboot: async (files) => {
        await noticing(copy.reboot(files));
        if (this.#lost) this.#page.tell('info', `The sandbox was lost: ${this.#lost.message} ${BACK}`);
        this.#lost = null;
      },
    });
    return {
      ...watch(sandbox),
      mount: (entries) => noticing(sandbox.mount(entries)),
      branch: async (name, files) => {
        const branch = await noticing(sandbox.branch(name, files));
        return { ...watch(branch), name, remove: () => noticing(branch.remove()) };
      },
      dispose: () => sandbox.dispose(),
    };
  }
}
