import { SandboxLostError } from '../sandbox.ts';
import { watchHeartbeat } from './heartbeat.ts';
import { bootContainer, type Container, type Runtime, withDeadline } from './webcontainer.ts';

/** A call on files that takes longer means that the sandbox is gone. */
const CALL_SECONDS = 120;

/** One boot of the sandbox, from its start until it is retired: whoever still waits for it then learns that it is lost. */
export interface LiveContainer extends Omit<Container, 'teardown' | 'died'> {
  /** Rejects with SandboxLostError when the container is retired, has died, or falls silent while somebody watches over it. */
  readonly gone: Promise<never>;
  /** From now on its silence counts as its death; returns what ends that. */
  watch(): () => void;
  /** Errors of the files pass; silence means that the sandbox is gone. */
  call<T>(promise: Promise<T>, seconds?: number): Promise<T>;
  retire(): void;
}

/** Rejects with SandboxLostError. */
export async function bootLive(runtime: Runtime): Promise<LiveContainer> {
  const container = await bootContainer(runtime);
  const { promise: gone, reject } = Promise.withResolvers<never>();
  // Whoever waits for something races with it; alone it is nobody's error.
  gone.catch(() => undefined);
  container.died.catch(reject);
  return {
    runtime: container.runtime,
    api: container.api,
    shell: container.shell,
    gone,
    watch: () => watchHeartbeat(container.api, reject),
    call: (promise, seconds = CALL_SECONDS) =>
      withDeadline(Promise.race([promise, gone]), seconds, `The sandbox has not answered for ${seconds} s.`),
    retire: () => {
      const lost = new SandboxLostError('The sandbox was started again in the middle of this.');
      lost.elsewhere = true;
      reject(lost);
      container.teardown();
    },
  };
}
