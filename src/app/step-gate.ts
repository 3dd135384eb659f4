/** Holds a run before each tool call until its person lets it pass. */
export interface StepGate {
  /** Resolves when the call may be made; rejects with the signal's reason. */
  wait(tool: string, signal: AbortSignal): Promise<void>;
  /** Lets one call pass. */
  pass(): void;
  /** Lets all calls pass from now on. */
  open(): void;
}

/** `onWait` is told the tool that waits, and null when it goes on. */
export function createStepGate(initial: 'open' | 'closed', onWait: (tool: string | null) => void): StepGate {
  let state = initial;
  let release: (() => void) | null = null;
  const pass = () => {
    const waiting = release;
    release = null;
    waiting?.();
  };
  return {
    pass,
    open() {
      state = 'open';
      pass();
    },
    async wait(tool, signal) {
      if (state === 'open') return;
      await new Promise<void>((resolve, reject) => {
        release = resolve;
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
        onWait(tool);
      });
      onWait(null);
    },
  };
}
