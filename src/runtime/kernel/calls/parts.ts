/** System calls on the runtime's own optional parts. */
import type { CallTable } from './call-table.ts';

export const partCalls: CallTable<'runtimePart'> = {
  runtimePart: ({ kernel }, name) => kernel.parts.get(name),
};
