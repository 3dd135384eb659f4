/** The Workers of processes: made from blob: URLs, some ahead of time, so that a program starts at once. */
import { type ChannelOwner, ProcessChannel } from './process-channel.ts';
import type { Launch, ProgramImage, WorkerImage } from './syscalls.ts';
import { SystemError } from './syscalls.ts';
import type { BootMessage, LaunchMessage, PrewarmedMessage } from './worker-messages.ts';

export interface ImageSource {
  /** The Worker's script. */
  script: string;
  /** Goes into its boot message. */
  library: SharedArrayBuffer | null;
  /** How many wait, booted. */
  prewarmed: number;
}

/** A refill must not take the processor from the program that was just started. */
const REFILL_DELAY_MS = 60;

export class WorkerPool {
  readonly #images: Record<ProgramImage, ImageSource>;
  readonly #urls: Record<ProgramImage, string>;
  readonly #ready: Record<WorkerImage, WorkerSeat[]> = { node: [], shell: [], thread: [] };
  /** Threads are seldom used: none waits before the first was asked for. */
  #prewarmedThreads = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(images: Record<ProgramImage, ImageSource>) {
    this.#images = images;
    this.#urls = { node: scriptUrl(images.node.script), shell: scriptUrl(images.shell.script) };
  }

  /** Boots as many Workers as should wait. */
  fill(): void {
    if (this.#closed) return;
    for (const image of ['shell', 'node', 'thread'] as const) {
      const wanted = image === 'thread' ? this.#prewarmedThreads : this.#images[image].prewarmed;
      while (this.#ready[image].length < wanted) this.#ready[image].push(this.#create(image));
    }
  }

  take(image: WorkerImage): WorkerSeat {
    if (image === 'thread') this.#prewarmedThreads = 1;
    const seats = this.#ready[image];
    const index = seats.findIndex((seat) => seat.usable);
    const seat = index >= 0 ? seats.splice(index, 1)[0] : undefined;
    this.#refillSoon();
    return seat ?? this.#create(image);
  }

  /** A process has ended: there is time to boot another Worker. */
  release(): void {
    this.#refillSoon();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const seat of Object.values(this.#ready).flat()) {
      seat.terminate();
      seat.channel.close();
    }
    for (const url of Object.values(this.#urls)) URL.revokeObjectURL(url);
  }

  #refillSoon(): void {
    clearTimeout(this.#timer);
    if (!this.#closed) this.#timer = setTimeout(() => this.fill(), REFILL_DELAY_MS);
  }

  #create(image: WorkerImage): WorkerSeat {
    const program = image === 'thread' ? 'node' : image;
    return new WorkerSeat(this.#urls[program], this.#images[program].library, image === 'thread');
  }
}

export interface SeatOwner extends ChannelOwner {
  onCrash(reason: string): void;
}

/** One Worker, for the one process that will run in it. */
export class WorkerSeat {
  readonly channel: ProcessChannel;
  readonly #worker: Worker;
  #owner: SeatOwner | null = null;
  #booted = false;
  #failure: string | null = null;
  #launch: Launch | null = null;

  constructor(url: string, library: SharedArrayBuffer | null, isThread: boolean) {
    this.channel = new ProcessChannel({
      handle: (name, args) => {
        if (!this.#owner) throw new SystemError('EAGAIN', 'A call before the launch');
        return this.#owner.handle(name, args);
      },
      onViolation: (reason) => {
        if (this.#owner) this.#owner.onViolation(reason);
        else this.#fail(reason);
      },
    });
    this.#worker = new Worker(url);
    this.#worker.onerror = (event) => this.#fail(`The process crashed: ${event.message || 'its Worker did not start'}`);
    this.#worker.onmessage = (event: MessageEvent<unknown>) => {
      if (isPrewarmed(event.data)) this.#onBooted();
    };
    const { memory: sync, remotePort: port } = this.channel;
    const boot: BootMessage = { type: 'boot', sync, port, library, isThread, launch: null };
    this.#worker.postMessage(boot, [port]);
  }

  get usable(): boolean {
    return this.#failure === null;
  }

  attach(owner: SeatOwner): void {
    this.#owner = owner;
    if (this.#failure !== null) owner.onCrash(this.#failure);
  }

  /** The Worker becomes a process, as soon as it is booted. */
  launch(launch: Launch): void {
    this.#launch = launch;
    if (this.#booted) this.#sendLaunch(launch);
  }

  terminate(): void {
    this.#worker.terminate();
  }

  #onBooted(): void {
    if (this.#booted) return;
    this.#booted = true;
    if (this.#launch) this.#sendLaunch(this.#launch);
  }

  #sendLaunch(launch: Launch): void {
    const message: LaunchMessage = { type: 'launch', launch };
    this.#worker.postMessage(message);
  }

  #fail(reason: string): void {
    this.#failure = reason;
    this.#owner?.onCrash(reason);
  }
}

function isPrewarmed(message: unknown): message is PrewarmedMessage {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === 'prewarmed';
}

function scriptUrl(script: string): string {
  return URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
}
