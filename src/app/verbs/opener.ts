/** What gets into view, and how: at the start, by the task picker, the session list, a link or a file. */
import { loadGallery, loadTask } from '../../task/gallery.ts';
import type { Task } from '../../task/task.ts';
import { messageOf, type Page } from '../page.ts';
import { isBusy } from '../view.ts';
import type { CurrentSession } from './current-session.ts';

export class Opener {
  readonly #page: Page;
  readonly #session: CurrentSession;

  constructor(page: Page, session: CurrentSession) {
    this.#page = page;
    this.#session = session;
  }

  /** The session of the link, else the last one, else the first task. What went wrong is told; the page opens anyway. */
  async start(): Promise<void> {
    const { view } = this.#page;
    await Promise.all([this.#session.openStorage(), this.#loadGallery()]);
    const problem = hasLink() ? await this.#tryLink() : null;
    if (view.get().session.task === null) await this.#startWithout();
    view.set({ activity: { kind: 'idle' } });
    if (problem !== null) this.#page.tell('bad', problem);
  }

  /** A link was put into the address of the open page. */
  async linkChanged(): Promise<void> {
    if (!hasLink()) return;
    if (isBusy(this.#page.view.get().activity)) {
      clearLink();
      this.#page.tell('bad', 'The link was not opened, as the page is busy: press Stop or wait, then open it again.');
      return;
    }
    const problem = await this.#tryLink();
    if (problem !== null) this.#page.tell('bad', `${problem} Your session is as it was.`);
  }

  selectTask(name: string): Promise<void> {
    return this.#open(async () => this.#session.begin(await loadTask(name)));
  }

  openStored(id: string): Promise<void> {
    return this.#open(() => this.#session.openStored(id));
  }

  /** The text of a session file. */
  openFile(text: string): Promise<void> {
    return this.#open(async () => {
      const { importSession } = await import('../../share/session-text.ts');
      await this.#session.show(importSession(text));
    });
  }

  /** The task in view from its start, as a session of its own. */
  beginAgain(): Promise<void> {
    return this.#open(() => this.#session.begin(this.#currentTask()));
  }

  adopt(): Promise<void> {
    return this.#open(() => this.#session.adopt());
  }

  /** Back from a link to one's last session. */
  closeShared(): Promise<void> {
    return this.#open(() => this.#startWithout());
  }

  /** Tries to own a session that another tab had. */
  takeOver(): Promise<void> {
    return this.#open(async () => {
      await this.#session.openStored(this.#page.view.get().session.id);
      if (this.#page.view.get().access === 'elsewhere')
        this.#page.tell('info', 'The other tab still has this session: close it there first.');
    });
  }

  async removeStored(id: string): Promise<void> {
    const { session, access } = this.#page.view.get();
    try {
      if (id === session.id && access === 'own') await this.beginAgain();
      await this.#session.remove(id);
    } catch (error) {
      this.#page.tell('bad', messageOf(error));
    }
  }

  /** What fails is told, and leaves what is open as it is. */
  async #open(work: () => Promise<void>): Promise<void> {
    const { view } = this.#page;
    if (isBusy(view.get().activity)) return;
    view.set({ activity: { kind: 'loading' } });
    try {
      await work();
      if (view.get().access !== 'shared') clearLink();
    } catch (error) {
      this.#page.tell('bad', messageOf(error));
    } finally {
      view.set({ activity: { kind: 'idle' } });
    }
  }

  /** What is wrong with the link; null when its session is in view. */
  async #tryLink(): Promise<string | null> {
    try {
      const { decodeLink } = await import('../../share/link.ts');
      await this.#session.show(await decodeLink(location.hash));
      return null;
    } catch (error) {
      clearLink();
      return messageOf(error);
    }
  }

  async #startWithout(): Promise<void> {
    const { view } = this.#page;
    const [last] = view.get().sessions;
    let problem: string | null = null;
    try {
      if (last) return await this.#session.openStored(last.id);
    } catch (error) {
      problem = `The last session could not be opened: ${messageOf(error)}`;
    }
    try {
      const [first] = view.get().gallery;
      if (first) await this.#session.begin(await loadTask(first.name));
    } catch (error) {
      problem = messageOf(error);
    }
    if (problem !== null) this.#page.tell('bad', problem);
  }

  async #loadGallery(): Promise<void> {
    try {
      const gallery = await loadGallery();
      this.#page.view.set({ gallery });
    } catch (error) {
      this.#page.tell('bad', messageOf(error));
    }
  }

  #currentTask(): Task {
    const { task, files } = this.#page.view.get().session;
    if (!task) throw new Error('No task is open.');
    return { ...task, files };
  }
}

const hasLink = () => location.hash.length > 1;

function clearLink(): void {
  if (hasLink()) history.replaceState(null, '', location.pathname + location.search);
}
