import type { Policy } from './policy.ts';

export interface Refusal {
  readonly path: string;
  readonly action: 'read' | 'change';
}

/** What a policy refused since it was last asked: the sentence -> the path, and what was to be done with it. */
export class Refusals {
  #noted = new Map<string, Refusal>();

  take(): ReadonlyMap<string, Refusal> {
    const taken = this.#noted;
    this.#noted = new Map();
    return taken;
  }

  /** The same policy; what it refuses is noted. */
  of(policy: Policy): Policy {
    const note = (refusal: string | null, path: string, action: Refusal['action']) => {
      if (refusal !== null) this.#noted.set(refusal, { path, action });
      return refusal;
    };
    return {
      refuseRead: (path) => note(policy.refuseRead(path), path, 'read'),
      refuseWrite: (path) => note(policy.refuseWrite(path), path, 'change'),
      refuseChange: (change, before) => note(policy.refuseChange(change, before), change.path, 'change'),
    };
  }
}
