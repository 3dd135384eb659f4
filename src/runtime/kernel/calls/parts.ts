/** System calls on the runtime's own optional parts, and to its transformer. */
import type { CallTable } from './call-table.ts';

export const partCalls: CallTable<'runtimePart' | 'transform' | 'knownTransform'> = {
  runtimePart: ({ kernel }, name) => kernel.parts.get(name),
  transform: ({ kernel }, source) => kernel.transforms.get(source),
  knownTransform: ({ kernel }, kind, fingerprint) => kernel.transforms.known(kind, fingerprint),
};
