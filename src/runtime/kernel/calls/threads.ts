/** System calls on threads and on the ports between them. */
import { SystemError } from '../syscalls.ts';
import { MAX_WAITING } from '../threads/ports.ts';
import { SharedEnvironment } from '../threads/shared-environment.ts';
import type { CallContext, CallTable } from './call-table.ts';

const TOO_MANY_WAIT = 'The process was ended: more than 1 GiB of messages wait at ports whose threads take none';

type ThreadCall =
  | 'createThread'
  | 'startThread'
  | 'stopThread'
  | 'shareMemory'
  | 'openPorts'
  | 'joinPort'
  | 'postToPort'
  | 'takeMessages'
  | 'giveBackMessage'
  | 'closePort'
  | 'ownDescriptor'
  | 'shareEnvironment'
  | 'readEnvironment'
  | 'setVariable';

export const threadCalls: CallTable<ThreadCall> = {
  createThread: ({ process, thread }, port) => {
    const created = process.threads.create(thread);
    process.threads.ports.adopt(created, port);
    return created.id;
  },
  startThread: ({ kernel, process }, request) => kernel.startThread(process, request),
  stopThread: ({ kernel, process }, id) => {
    // It may have ended by itself, and its parent not have heard of it yet.
    const thread = process.threads.find(id);
    if (thread) kernel.endThread(process, thread, 1);
  },
  shareMemory: ({ process }, memory) => {
    process.threads.memory = memory;
  },
  openPorts: ({ process, thread }, one, other) => process.threads.ports.open(thread, one, other),
  joinPort: ({ process, thread }, id, name) => process.threads.ports.join(thread, id, name),
  postToPort: ({ kernel, process, thread }, id, message, shared) => {
    const { ports } = process.threads;
    ports.post(thread, { to: id, message, shared });
    if (ports.waiting > MAX_WAITING) kernel.crash(process, 'SIGABRT', TOO_MANY_WAIT);
  },
  takeMessages: ({ process, thread }) => {
    // What another thread has sent counts as sent, whether or not it was looked at.
    const underWay = [...process.threads.all()].flatMap((other) => other.channel?.takeAllSent() ?? []);
    const take = () =>
      process.threads.ports.take(thread, (key, objects) => thread.channel?.sendEvent({ type: 'shared', key, objects }));
    return underWay.length === 0 ? take() : Promise.all(underWay).then(take);
  },
  giveBackMessage: ({ process, thread }, id, message, shared) =>
    process.threads.ports.giveBack(thread, { to: id, message, shared }),
  closePort: ({ process }, id) => process.threads.ports.close(id),
  shareEnvironment: ({ thread }, entries) => {
    if (!thread.environment) new SharedEnvironment(entries).join(thread);
  },
  readEnvironment: (context) => environmentOf(context).entries(),
  setVariable: (context, name, value) => environmentOf(context).set(name, value),
  ownDescriptor: ({ process, thread }, fd) => {
    process.threads.disown(fd);
    if (thread !== process.threads.main) thread.opened.add(fd);
  },
};

function environmentOf({ thread }: CallContext): SharedEnvironment {
  if (!thread.environment) throw new SystemError('EINVAL');
  return thread.environment;
}
