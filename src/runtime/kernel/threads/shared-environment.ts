/** An environment that several threads of a process have in common (`SHARE_ENV`). */

/** What it needs to know of a thread. */
interface Member {
  readonly ended: boolean;
  readonly channel: { changeEnvironment(): void } | null;
  environment: SharedEnvironment | null;
}

export class SharedEnvironment {
  readonly #variables: Map<string, string>;
  readonly #threads = new Set<Member>();

  /** Entries are `NAME=value`. */
  constructor(entries: readonly string[]) {
    this.#variables = new Map(
      entries.map((entry): [string, string] => {
        const equals = entry.indexOf('=', 1);
        return [entry.slice(0, equals), entry.slice(equals + 1)];
      }),
    );
  }

  join(thread: Member): void {
    this.#threads.add(thread);
    thread.environment = this;
  }

  entries(): string[] {
    return [...this.#variables].map(([name, value]) => `${name}=${value}`);
  }

  /** null deletes it. Every thread learns that something has changed. */
  set(name: string, value: string | null): void {
    if (value === null) this.#variables.delete(name);
    else this.#variables.set(name, value);
    for (const thread of this.#threads) {
      if (thread.ended) this.#threads.delete(thread);
      else thread.channel?.changeEnvironment();
    }
  }
}
