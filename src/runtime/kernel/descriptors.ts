/** What descriptors stand for, and how they travel. */
import type { Endpoint } from './network/endpoints.ts';

/** What a descriptor is; `socket` is a loopback TCP connection or one end of a socket pair. */
export type DescriptorKind = 'file' | 'directory' | 'pipe' | 'socket' | 'tty' | 'null' | 'listener' | 'watch';

/** Of a TCP socket or listener; null where it has none. */
export interface Endpoints {
  local: Endpoint | null;
  remote: Endpoint | null;
}

export interface PassedDescriptor extends Endpoints {
  fd: number;
  kind: DescriptorKind;
}

/** What {@link Syscalls.receiveAvailable} answers; each descriptor that was passed along is one of the caller's now. */
export interface Received {
  data: Uint8Array;
  passed: PassedDescriptor[];
}
