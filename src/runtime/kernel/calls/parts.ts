/** System calls on the runtime's own optional parts, to its transformer and to the client. */
import type { CallTable } from './call-table.ts';

export const partCalls: CallTable<
  'runtimePart' | 'transform' | 'knownTransform' | 'keepTransform' | 'keepModule' | 'announce'
> = {
  announce: ({ kernel }, topic, words) => kernel.onAnnounce(topic, words),
  runtimePart: ({ kernel }, name) => kernel.parts.get(name),
  transform: ({ kernel }, source) => kernel.transforms.get(source),
  knownTransform: ({ kernel }, kind, fingerprint) => kernel.transforms.known(kind, fingerprint),
  keepTransform: ({ kernel }, kind, fingerprint, result) => kernel.transforms.keep(kind, fingerprint, result.slice()),
  keepModule: ({ kernel }, fingerprint, size, module) => kernel.modules.keep({ fingerprint, module }, size),
};
