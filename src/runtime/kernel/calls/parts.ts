/** System calls on the runtime's own optional parts, to its transformer and to the client. */
import type { CallTable } from './call-table.ts';

export const partCalls: CallTable<'runtimePart' | 'transform' | 'knownModule' | 'keepModule' | 'announce'> = {
  announce: ({ kernel }, topic, words) => kernel.onAnnounce(topic, words),
  runtimePart: ({ kernel }, name) => kernel.parts.get(name),
  transform: ({ kernel, thread }, kind, source) => kernel.transforms.get(kind, source, thread),
  knownModule: ({ kernel }, bytes) => kernel.modules.find(bytes),
  // Nobody waits for it.
  keepModule: ({ kernel }, bytes) => void kernel.modules.keep(bytes),
};
