import type { CoreBindingFactory } from '../core.ts';
import { unsupported } from '../crypto/errors.ts';
import { heapLimit } from '../heap-limit.ts';
import { readFlags } from '../options/collector.ts';

interface HeapStatistics {
  heapStatisticsBuffer: Float64Array;
  kTotalHeapSizeIndex: number;
  kTotalPhysicalSizeIndex: number;
  kTotalAvailableSize: number;
  kUsedHeapSizeIndex: number;
  kHeapSizeLimitIndex: number;
  kNumberOfNativeContextsIndex: number;
  kExternalMemoryIndex: number;
}

/** `internalBinding('v8')`: the heap as `process.memoryUsage` tells it, all other statistics stay zero. */
export const v8: CoreBindingFactory = (context) => ({
  ...context.described('v8'),
  updateHeapStatisticsBuffer() {
    const { heapStatisticsBuffer, ...index } = context.internalBinding('v8') as unknown as HeapStatistics;
    const memory = context.process.memoryUsage as () => NodeJS.MemoryUsage;
    const { heapTotal, heapUsed, external } = memory();
    const { getTotalMem } = context.internalBinding('os') as { getTotalMem(): number };
    const limit = heapLimit(context.commandLine?.values ?? {}, getTotalMem());
    heapStatisticsBuffer[index.kTotalHeapSizeIndex] = heapTotal;
    heapStatisticsBuffer[index.kTotalPhysicalSizeIndex] = heapTotal;
    heapStatisticsBuffer[index.kUsedHeapSizeIndex] = heapUsed;
    heapStatisticsBuffer[index.kTotalAvailableSize] = limit - heapUsed;
    heapStatisticsBuffer[index.kHeapSizeLimitIndex] = limit;
    heapStatisticsBuffer[index.kNumberOfNativeContextsIndex] = 1;
    heapStatisticsBuffer[index.kExternalMemoryIndex] = external;
  },
  updateHeapCodeStatisticsBuffer: () => undefined,
  updateHeapSpaceStatisticsBuffer: () => undefined,
  /** Of the part of V8's heap that holds objects of C++: there are none. */
  getCppHeapStatistics: () => ({
    __proto__: null,
    committed_size_bytes: 0,
    resident_size_bytes: 0,
    used_size_bytes: 0,
    space_statistics: [],
    type_names: [],
  }),
  setFlagsFromString: (flags: string) => readFlags(context, flags),
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
