/** /dev/null, /dev/zero, /dev/full and /dev/urandom. */
import type { CallSite } from '../description.ts';
import type { DescriptorKind } from '../descriptors.ts';
import { statOf } from '../file-system/attributes.ts';
import type { DeviceInode } from '../file-system/inode.ts';
import { type Stat, SystemError } from '../syscalls.ts';
import type { InodeDescription } from './file.ts';

const MAX_READ = 1 << 20;
/** What `crypto.getRandomValues` gives at once. */
const MAX_RANDOM = 65_536;

export class DeviceDescription implements InodeDescription {
  readonly kind: DescriptorKind;
  readonly inode: DeviceInode;

  constructor(inode: DeviceInode) {
    this.inode = inode;
    this.kind = inode.device === 'null' ? 'null' : 'file';
  }

  read(_site: CallSite, length: number): Uint8Array {
    switch (this.inode.device) {
      case 'zero':
      case 'full':
        return new Uint8Array(Math.min(length, MAX_READ));
      case 'urandom':
        return crypto.getRandomValues(new Uint8Array(Math.min(length, MAX_RANDOM)));
      default:
        return new Uint8Array(0);
    }
  }

  write(_site: CallSite, data: Uint8Array): number {
    if (this.inode.device === 'full' && data.length > 0) throw new SystemError('ENOSPC');
    return data.length;
  }

  stat(): Stat {
    return statOf(this.inode);
  }

  close(): void {
    // A device has no state of its own to give back.
  }
}
