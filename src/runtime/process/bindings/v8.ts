import type { BindingFactory } from '../context.ts';
import { unsupported } from '../crypto/errors.ts';

/** `internalBinding('v8')`: statistics stay zero, flags have no effect. */
export const v8: BindingFactory = (context) => ({
  ...context.described('v8'),
  updateHeapStatisticsBuffer: () => undefined,
  updateHeapCodeStatisticsBuffer: () => undefined,
  updateHeapSpaceStatisticsBuffer: () => undefined,
  setFlagsFromString: () => undefined,
  setHeapSnapshotNearHeapLimit: (): never => {
    throw unsupported(context, 'A heap snapshot');
  },
  GCProfiler: function refuse(): never {
    throw unsupported(context, 'A profile of garbage collection');
  },
  cachedDataVersionTag: () => 1,
  getHashSeed: () => 0n,
  // biome-ignore lint/suspicious/noControlCharactersInRegex: Latin-1 is what is asked for.
  isStringOneByteRepresentation: (text: string) => /^[\x00-\xff]*$/.test(text),
});
