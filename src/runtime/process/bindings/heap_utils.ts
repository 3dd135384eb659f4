import type { BindingFactory } from '../context.ts';

/** `internalBinding('heap_utils')`: a browser gives no heap snapshots; the functions say so when called. */
export const heapUtils: BindingFactory = (context) => context.described('heap_utils');
