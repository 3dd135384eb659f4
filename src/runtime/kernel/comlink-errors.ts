/** Errors keep their `code` on their way through Comlink: its receiver copies every property that arrives. */
import * as Comlink from 'comlink';

/** Changes how this side sends errors; call it once, before anything is exposed. */
export function carryErrorCodes(): void {
  const handler = Comlink.transferHandlers.get('throw');
  if (!handler) throw new Error('Comlink has no handler for errors');
  const { serialize } = handler;
  handler.serialize = (thrown: unknown) => {
    const [serialized, transferables] = serialize(thrown) as [{ isError: boolean; value: object }, Transferable[]];
    const { value } = thrown as { value: { code?: unknown } };
    if (serialized.isError && value.code !== undefined) {
      Object.assign(serialized.value, { code: value.code, name: 'Error' });
    }
    return [serialized, transferables];
  };
}
