import { SandboxLostError } from '../sandbox.ts';
import { watchHeartbeat } from './heartbeat.ts';
import { Interruption } from './interruption.ts';
import { bootContainer, type Container, type Runtime, withDeadline } from './webcontainer.ts';

/** A call on files that takes longer means that the sandbox is gone. */
const CALL_SECONDS = 120;

/** One boot of the sandbox, from its start until it is retired: whoever still waits for it then learns that it is lost. */
export interface LiveContainer extends Omit<Container, 'teardown' | 'died'> {
  /** As the promise; rejects with SandboxLostError when the container is retired, has died, or falls silent while somebody watches over it. */
  whileAlive<T>(promise: Promise<T>): Promise<T>;
  /** From now on its silence counts as its death; returns what ends that. */
  watch(): () => void;
  /** Errors of the files pass; silence means that the sandbox is gone. */
  call<T>(promise: Promise<T>, seconds?: number): Promise<T>;
  retire(): void;
}

/** Rejects with SandboxLostError. */
export async function bootLive(runtime: Runtime): Promise<LiveContainer> {
  const container = await bootContainer(runtime);
  const end = new Interruption();
  container.died.catch(end.interrupt);
  return {
    runtime: container.runtime,
    api: container.api,
    shell: container.shell,
    whileAlive: (promise) => end.guard(promise),
    watch: () => watchHeartbeat(container.api, end.interrupt),
    call: (promise, seconds = CALL_SECONDS) =>
      withDeadline(end.guard(promise), seconds, `The sandbox has not answered for ${seconds} s.`),
    retire: () => {
      const lost = new SandboxLostError('The sandbox was started again in the middle of this.');
      lost.elsewhere = true;
      end.interrupt(lost);
      container.teardown();
    },
  };
}
