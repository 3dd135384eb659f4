import type { BindingFactory } from '../context.ts';
import { unsupported } from '../crypto/errors.ts';

/** `internalBinding('heap_utils')`: a browser gives no heap snapshots; the functions say so when called. */
export const heapUtils: BindingFactory = (context) => {
  const refuse = (): never => {
    throw unsupported(context, 'A heap snapshot');
  };
  return {
    ...context.described('heap_utils'),
    buildEmbedderGraph: refuse,
    createHeapSnapshotStream: refuse,
    triggerHeapSnapshot: refuse,
  };
};
