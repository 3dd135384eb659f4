import type { Description } from '../description.ts';
import { DeviceDescription } from '../descriptions/device.ts';
import { DeviceInode } from '../file-system/inode.ts';
import { find } from '../file-system/lookup.ts';
import type { ProcessRecord } from './process-record.ts';

const STANDARD_STREAMS = [0, 1, 2];

/** Opens those that are closed, as Node does, so that no file of the program gets their numbers; and returns all three: null where there is no such device. */
export function standardStreamsOf(process: ProcessRecord): (Description | null)[] {
  return STANDARD_STREAMS.map((fd) => {
    if (!process.descriptors.has(fd)) {
      const device = find(process, '/dev/null', true);
      if (device instanceof DeviceInode) process.descriptors.put(fd, new DeviceDescription(device));
    }
    return process.descriptors.has(fd) ? process.descriptors.get(fd) : null;
  });
}
