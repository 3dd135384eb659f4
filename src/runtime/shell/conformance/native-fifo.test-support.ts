/** A FIFO of the machine, opened without keeping this thread from its other work. */
import fs from 'node:fs';
import { promisify } from 'node:util';

/** Who gave up waiting was helped by an end that is to be gone before the next is opened. */
let helping: Promise<unknown> = Promise.resolve();

export class NativeFifo {
  readonly kind = 'fifo';
  references = 1;
  /** -1 until the other end is there. */
  native = -1;
  readonly #path: string;
  readonly #opening: Promise<number>;

  constructor(path: string, flags: number) {
    this.#path = path;
    this.#opening = helping.then(() => promisify(fs.open)(path, flags));
  }

  async opened(): Promise<undefined> {
    this.native = await this.#opening;
  }

  stat(): fs.Stats {
    return fs.statSync(this.#path);
  }

  async read(length: number): Promise<Uint8Array> {
    const { bytesRead, buffer } = await promisify(fs.read)(this.native, new Uint8Array(length), 0, length, null);
    return buffer.subarray(0, bytesRead);
  }

  async write(data: Uint8Array): Promise<number> {
    const { bytesWritten } = await promisify(fs.write)(this.native, data);
    return bytesWritten;
  }

  close(): void {
    if (this.native >= 0) {
      fs.closeSync(this.native);
      return;
    }
    // The thread that still waits for the other end gets one.
    const other = fs.openSync(this.#path, fs.constants.O_RDWR | fs.constants.O_NONBLOCK);
    helping = this.#opening.then((native) => {
      fs.closeSync(native);
      fs.closeSync(other);
    });
  }
}
