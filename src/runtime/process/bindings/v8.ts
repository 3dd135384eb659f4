import type { BindingFactory } from '../context.ts';
import { unsupported } from '../crypto/errors.ts';
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

/** What a program may use, as Node says of a machine with 16 GB. */
const HEAP_LIMIT = 4_345_298_944;

/** `internalBinding('v8')`: the heap as `process.memoryUsage` tells it, all other statistics stay zero. */
export const v8: BindingFactory = (context) => ({
  ...context.described('v8'),
  updateHeapStatisticsBuffer() {
    const { heapStatisticsBuffer, ...index } = context.internalBinding('v8') as unknown as HeapStatistics;
    const memory = context.process.memoryUsage as () => NodeJS.MemoryUsage;
    const { heapTotal, heapUsed, external } = memory();
    heapStatisticsBuffer[index.kTotalHeapSizeIndex] = heapTotal;
    heapStatisticsBuffer[index.kTotalPhysicalSizeIndex] = heapTotal;
    heapStatisticsBuffer[index.kUsedHeapSizeIndex] = heapUsed;
    heapStatisticsBuffer[index.kTotalAvailableSize] = HEAP_LIMIT - heapUsed;
    heapStatisticsBuffer[index.kHeapSizeLimitIndex] = HEAP_LIMIT;
    heapStatisticsBuffer[index.kNumberOfNativeContextsIndex] = 1;
    heapStatisticsBuffer[index.kExternalMemoryIndex] = external;
  },
  updateHeapCodeStatisticsBuffer: () => undefined,
  updateHeapSpaceStatisticsBuffer: () => undefined,
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
