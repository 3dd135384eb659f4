/** The person in front of the page: what a run asks of them, in front of it or in the agent's seat, is put in the view and waits there. */
import type { Answer, Ask, Person } from '../../agent/person.ts';
import type { ModelRequest } from '../../model/model.ts';
import type { PersonChoice, Seat } from '../../model/person.ts';
import { messageOf, type Page } from '../page.ts';
import { deviceStorage, storeSettings } from '../settings.ts';
import type { Asking } from '../view.ts';

export class PagePerson implements Person, Seat {
  readonly #page: Page;
  #decide: ((answer: Answer) => void) | null = null;
  #reply: ((text: string) => void) | null = null;
  #call: ((choice: PersonChoice) => void) | null = null;

  constructor(page: Page) {
    this.#page = page;
  }

  approve(ask: Ask, signal: AbortSignal): Promise<Answer> {
    return this.#wait<Answer>({ kind: 'permission', ask }, signal, (resolve) => {
      this.#decide = resolve;
    });
  }

  answer(question: string, signal: AbortSignal): Promise<string> {
    return this.#wait<string>({ kind: 'question', question }, signal, (resolve) => {
      this.#reply = resolve;
    });
  }

  choose({ tools }: ModelRequest, signal: AbortSignal): Promise<PersonChoice> {
    return this.#wait<PersonChoice>({ kind: 'seat', tools }, signal, (resolve) => {
      this.#call = resolve;
    });
  }

  /** The verb of the ask in view. What is allowed for always goes to the settings. */
  decide(answer: Answer): void {
    const { asking } = this.#page.view.get();
    if (asking?.kind !== 'permission') return;
    if (answer.decision === 'always') this.#remember(asking.ask.patterns);
    this.#decide?.(answer);
  }

  /** The verb of the question in view. */
  reply(text: string): void {
    this.#reply?.(text);
  }

  /** The verb of the seat: makes this call. */
  call(name: string, args: Readonly<Record<string, unknown>>): void {
    this.#call?.({ text: '', calls: [{ name, arguments: args }] });
  }

  async #wait<T>(asking: Asking, signal: AbortSignal, take: (resolve: (value: T) => void) => void): Promise<T> {
    const { view } = this.#page;
    signal.throwIfAborted();
    view.set({ asking, panel: 'steps' });
    try {
      return await new Promise<T>((resolve, reject) => {
        take(resolve);
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      });
    } finally {
      this.#decide = null;
      this.#reply = null;
      this.#call = null;
      view.set({ asking: null });
    }
  }

  #remember(patterns: readonly string[]): void {
    const { view, tell } = this.#page;
    const { settings } = view.get();
    const kept = { ...settings, allowed: [...new Set([...settings.allowed, ...patterns])] };
    view.set({ settings: kept });
    try {
      storeSettings(deviceStorage, kept);
    } catch (error) {
      tell('bad', `It is allowed for this visit only: ${messageOf(error)}`);
    }
  }
}
