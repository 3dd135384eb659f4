import type { BindingObject } from '../context.ts';
import type { CoreBindingFactory, ProcessCore } from '../core.ts';
import { deserialize } from '../threads/deserialize.ts';
import { defineMessagePorts, type MessagePorts, type PortErrors } from '../threads/message-ports.ts';
import { serialize } from '../threads/serialize.ts';

const portsOf = new WeakMap<ProcessCore, MessagePorts>();

/** The ports of this process; the same class for every binding. */
export function messagePorts(core: ProcessCore): MessagePorts {
  let ports = portsOf.get(core);
  if (ports === undefined) {
    ports = defineMessagePorts(core, portErrors(core));
    portsOf.set(core, ports);
  }
  return ports;
}

/** `internalBinding('messaging')`: message channels and structuredClone. */
export const messaging: CoreBindingFactory = (core) => {
  const ports = messagePorts(core);
  const binding: BindingObject = {
    ...core.described('messaging'),
    MessagePort: ports.MessagePort,
    MessageChannel: channelConstructor(core, ports),
    broadcastChannel: (name: string) => ports.over(core.ports.join(name)),
    stopMessagePort: (port: object) => ports.handleOf(port)?.stop(),
    checkMessagePort: (value: object) => ports.handleOf(value) !== undefined,
    drainMessagePort: (port: object) => ports.handleOf(port)?.drain(),
    receiveMessageOnPort(port: object) {
      const handle = ports.handleOf(port);
      if (handle) return handle.receive();
      throw portErrors(core).error('ERR_INVALID_ARG_TYPE', 'The "port" argument must be a MessagePort instance');
    },
    moveMessagePortToContext(port: unknown) {
      const handle = ports.handleOf(port);
      const error = portErrors(core).error;
      if (!handle) throw error('ERR_INVALID_ARG_TYPE', 'The "port" argument must be a MessagePort instance');
      const state = handle.detach();
      if (!state)
        throw Object.assign(new Error('Cannot send data on closed MessagePort'), { code: 'ERR_CLOSED_MESSAGE_PORT' });
      return ports.overForeign(state);
    },
    setDeserializerCreateObjectFunction(create: (info: string) => object) {
      ports.deserialization.createObject = create;
    },
    exposeLazyDOMExceptionProperty: (target: object) => exposeDOMException(core, target),
    structuredClone(value: unknown, options?: { transfer?: readonly unknown[] }) {
      const message = serialize(ports.serialization, value, { transfer: options?.transfer ?? [] });
      return deserialize(ports.deserialization, message).value;
    },
  };
  Object.defineProperty(binding, 'DOMException', { enumerable: true, get: () => domException(core) });
  return binding;
};

/** Node's own checks that it is called with `new`. */
function channelConstructor(core: ProcessCore, ports: MessagePorts) {
  return function MessageChannel(this: { port1: object; port2: object } | undefined): void {
    if (new.target === undefined || this === undefined) {
      throw portErrors(core).error('ERR_CONSTRUCT_CALL_REQUIRED', 'Cannot call constructor without `new`');
    }
    const [one, other] = core.ports.openPair();
    this.port1 = ports.over(one);
    this.port2 = ports.over(other);
  };
}

const domException = (core: ProcessCore) => core.perContext.domexception?.DOMException;

function exposeDOMException(core: ProcessCore, target: object): void {
  Object.defineProperty(target, 'DOMException', {
    configurable: true,
    enumerable: false,
    get: () => domException(core),
    set: (value: unknown) =>
      Object.defineProperty(target, 'DOMException', { value, configurable: true, writable: true }),
  });
}

function portErrors(core: ProcessCore): PortErrors {
  return {
    refuse(message) {
      const DOMException = domException(core) as new (message: string, name: string) => Error;
      throw core.makeError(() => new DOMException(message, 'DataCloneError'));
    },
    error: (code, message) => Object.assign(new TypeError(message), { code }),
  };
}
