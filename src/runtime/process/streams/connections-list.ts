/** The connections of an HTTP server, for its time limits and for closing the idle ones. Times in milliseconds. */

export interface TrackedConnection {
  /** When the current message began; 0 between messages. */
  messageStart: number;
  headersCompleted: boolean;
}

export function defineConnectionsList(now: () => number) {
  return class ConnectionsList {
    readonly #all = new Set<TrackedConnection>();
    readonly #active = new Set<TrackedConnection>();

    all(): TrackedConnection[] {
      return [...this.#all].sort((a, b) => a.messageStart - b.messageStart);
    }
    idle(): TrackedConnection[] {
      return this.all().filter((connection) => connection.messageStart === 0);
    }
    active(): TrackedConnection[] {
      return [...this.#active];
    }
    /** Takes out the active connections whose headers or whole request took too long; 0 is no limit. */
    expired(headersTimeout: number, requestTimeout: number): TrackedConnection[] {
      const time = now();
      const late = (connection: TrackedConnection, limit: number): boolean =>
        limit > 0 && connection.messageStart < time - limit;
      const expired = [...this.#active].filter(
        (connection) =>
          (!connection.headersCompleted && late(connection, headersTimeout)) || late(connection, requestTimeout),
      );
      for (const connection of expired) this.#active.delete(connection);
      return expired;
    }

    track(connection: TrackedConnection, active: boolean): void {
      this.#all.add(connection);
      if (active) this.#active.add(connection);
      else this.#active.delete(connection);
    }
    untrack(connection: TrackedConnection): void {
      this.#all.delete(connection);
      this.#active.delete(connection);
    }
  };
}

export type ConnectionsList = InstanceType<ReturnType<typeof defineConnectionsList>>;
