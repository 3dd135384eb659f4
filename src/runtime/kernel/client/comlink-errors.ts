/** Errors keep Node's properties on their way through Comlink: its receiver copies every property that arrives. */
import * as Comlink from 'comlink';

/** Node's own errors have names by their kind; those of the system are all just errors. */
const nameOf = ({ code, name }: { code?: unknown; name?: unknown }): unknown =>
  String(code).startsWith('ERR_') ? name : 'Error';

const PROPERTIES = ['code', 'errno', 'syscall', 'path', 'dest'] as const;

/** Changes how this side sends errors; call it once, before anything is exposed. */
export function carryErrorCodes(): void {
  const handler = Comlink.transferHandlers.get('throw');
  if (!handler) throw new Error('Comlink has no handler for errors');
  const { serialize } = handler;
  handler.serialize = (thrown: unknown) => {
    const [serialized, transferables] = serialize(thrown) as [{ isError: boolean; value: object }, Transferable[]];
    const { value } = thrown as { value: Partial<Record<(typeof PROPERTIES)[number] | 'name' | 'stack', unknown>> };
    // What the receiver makes has one of its own.
    if (serialized.isError && value.stack === undefined) Reflect.deleteProperty(serialized.value, 'stack');
    if (serialized.isError && value.code !== undefined) {
      const kept = PROPERTIES.filter((name) => value[name] !== undefined).map((name) => [name, value[name]]);
      Object.assign(serialized.value, Object.fromEntries(kept), { name: nameOf(value) });
    }
    return [serialized, transferables];
  };
}
