import type { PassedDescriptor } from '../../kernel/descriptors.ts';
import type { ProcessContext } from '../context.ts';

/** TCP and Pipe: handles that another process may pass. */
type PassedHandleClass = new (type: number) => { adoptPassed(passed: PassedDescriptor): void };

/** The handle of a descriptor that came from another process. */
export function createPassedHandle(context: ProcessContext, passed: PassedDescriptor): object {
  const { TCP } = context.internalBinding('tcp_wrap') as { TCP: PassedHandleClass };
  const { Pipe } = context.internalBinding('pipe_wrap') as { Pipe: PassedHandleClass };
  const handle = new (passed.local === null ? Pipe : TCP)(0);
  handle.adoptPassed(passed);
  return handle;
}
