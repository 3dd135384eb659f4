/** The class MessagePort of a process, over the ends of channels (`message.ts`). */
import type { ProcessCore } from '../core.ts';
import { symbolNamed } from '../streams/handle-wrap.ts';
import type { Deserialization } from './deserialize.ts';
import type { PortState } from './message.ts';
import { definePortHandle, type PortHandle } from './port-handle.ts';
import { type Serialization, serialize } from './serialize.ts';
import { readTransferArgument } from './transfer-list.ts';

export interface PortErrors {
  /** Throws a DataCloneError. */
  refuse(message: string): never;
  /** A TypeError of Node's, by its code. */
  error(code: string, message: string): Error;
}

export type MessagePorts = ReturnType<typeof defineMessagePorts>;

export function defineMessagePorts(core: ProcessCore, errors: PortErrors) {
  const handles = new WeakMap<object, PortHandle>();
  const deserialization: Deserialization = { core, portObject: (state) => over(state), createObject: null };
  const foreign: Deserialization = { ...deserialization, isForeign: true, portObject: (state) => overForeign(state) };
  const Handle = definePortHandle(core);
  const handleOf = (value: unknown) => (typeof value === 'object' && value !== null ? handles.get(value) : undefined);
  const serialization: Serialization = {
    core,
    refuse: errors.refuse,
    ports: {
      isPort: (value) => handles.has(value),
      isDetached: (port) => handleOf(port)?.isDetached ?? true,
      detach: (port) => handleOf(port)?.detach() ?? null,
    },
  };
  const MessagePort = portConstructor(errors);
  const methods = portMethods({ errors, handleOf, serialization });
  Object.assign(MessagePort.prototype as object, methods);
  const foreignPrototype = { ...methods };

  function attach(port: object, state: PortState, reader: Deserialization): object {
    const handle = new Handle(port, state, reader);
    handles.set(port, handle);
    // Hooks see it before it is initialized, and not referenced.
    handle.unref();
    core.asyncContext.register(port, 'MESSAGEPORT');
    handle.ref();
    const initialize: unknown = Reflect.get(port, symbolNamed(core, 'oninit'));
    if (typeof initialize === 'function') initialize.call(port);
    if (state.queue.length > 0) state.onArrival?.();
    return port;
  }

  /** An object for the port. */
  const over = (state: PortState) =>
    attach(Object.create(MessagePort.prototype as object) as object, state, deserialization);
  /** An object for code of another context: no EventTarget, `onmessage` is a plain property, and `start` must be called. */
  const overForeign = (state: PortState) => attach(Object.create(foreignPrototype) as object, state, foreign);

  return { MessagePort, over, overForeign, handleOf, serialization, deserialization };
}

/**
 * Node's library gives the class another prototype after the fact (NodeEventTarget's), so it inherits from nothing, and the
 * state of each object is kept beside it.
 */
function portConstructor(errors: PortErrors): { (): void; prototype: unknown } {
  function MessagePort(): void {
    throw errors.error('ERR_CONSTRUCT_CALL_INVALID', 'Constructor cannot be called');
  }
  return MessagePort;
}

interface MethodsSetup {
  errors: PortErrors;
  handleOf(value: unknown): PortHandle | undefined;
  serialization: Serialization;
}

function portMethods({ errors, handleOf, serialization }: MethodsSetup) {
  return {
    postMessage(this: object, ...args: [value?: unknown, options?: unknown]): boolean | undefined {
      if (args.length === 0) {
        throw errors.error('ERR_MISSING_ARGS', 'Not enough arguments to MessagePort.postMessage');
      }
      const transfer = readTransferArgument(args[1]);
      if ('wrong' in transfer) throw errors.error('ERR_INVALID_ARG_TYPE', transfer.wrong);
      const message = serialize(serialization, args[0], { transfer: transfer.list, source: this });
      return handleOf(this)?.post(message) || undefined;
    },
    start(this: object): void {
      handleOf(this)?.start();
    },
    close(this: object): void {
      handleOf(this)?.close();
    },
    ref(this: object): void {
      handleOf(this)?.ref();
    },
    unref(this: object): void {
      handleOf(this)?.unref();
    },
    hasRef(this: object): boolean | undefined {
      const handle = handleOf(this);
      if (handle === undefined) throw new TypeError('Illegal invocation');
      return handle.hasRef();
    },
  };
}
