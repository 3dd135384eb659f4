/** The Workers of processes: made from blob: URLs, some ahead of time, so that a program starts at once. */

import { type ChannelOwner, ProcessChannel } from '../channel/process-channel.ts';
import type { BootMessage, LaunchMessage, PreloadMessage, ReadyMessage } from '../channel/worker-messages.ts';
import type { Launch, ProgramImage, WorkerImage } from '../launch.ts';
import { SystemError } from '../syscalls.ts';
import { BootGate } from './boot-gate.ts';
import { Demand } from './demand.ts';
import { makeWorker, type ProgramWorker } from './program-worker.ts';
import { WorkWatch } from './work-watch.ts';

export interface ImageSource {
  /** The Worker's script. */
  script: Blob;
  /** Goes into its boot message. */
  library: Promise<SharedArrayBuffer | null>;
}

interface PoolOptions {
  /** Of the image `node`, made before the kernel was up. */
  first: ProgramWorker;
  /** Of the machine. */
  memoryGigabytes: number | undefined;
}

/** So many wait from the beginning. Threads are seldom used: none waits before the first was asked for. */
const RESERVE: Record<WorkerImage, number> = { node: 2, shell: 2, thread: 0 };
/** So many wait at most, while programs are started one after the other. */
const MOST = 8;
/** So many of the image `node` wait once there was time to boot them, as a command often starts several: 15 MB each. */
const RESTED = 4;
/** From here on `MOST` of them do: the most that a browser tells. */
const ROOMY_GIGABYTES = 8;
/** A refill must not take the processor from the program that was just started, nor from who waits for its end. */
const REFILL_DELAY_MS = 60;
/** When nothing has started or ended for so long, those that wait load what they may need. */
const QUIET_MS = 40;
/** When nothing has started or ended for so long, more than the reserve are booted. */
const REST_MS = 300;
/** Starts that lie further back no longer count as demand. */
const DEMAND_MS = 10_000;
const IMAGES = ['node', 'shell', 'thread'] as const;
/** What the last so many programs have used is what the next one is expected to use. */
const MEMORY = 4;

/**
 * Keeps booted Workers ready: as many of an image as were asked for within ten seconds, eight at most, and as many as a command may
 * start when there was time: when nothing starts or ends, and no program computes. What a program may need, beyond what the last ones
 * needed, is loaded then, too: in a row of starts it would take the time of the next boot.
 */
export class WorkerPool {
  readonly #images: Record<ProgramImage, ImageSource>;
  readonly #urls: Record<ProgramImage, string>;
  readonly #ready: Record<WorkerImage, WorkerSeat[]> = { node: [], shell: [], thread: [] };
  /** When Workers were taken, of late. */
  readonly #taken: Record<WorkerImage, number[]> = { node: [], shell: [], thread: [] };
  readonly #processors = Math.max(2, navigator.hardwareConcurrency);
  readonly #gate = new BootGate(this.#processors);
  readonly #programs = new WorkWatch();
  readonly #demand = new Demand();
  /** The steps that the last programs of the image `node` used. */
  readonly #used: number[] = [];
  readonly #restedReserve: number;
  /** Until it is used. */
  #first: ProgramWorker | null;
  /** A Worker has booted: until then all that there is belongs to the first. */
  #hasBooted = false;
  #rested = false;
  #refill: ReturnType<typeof setTimeout> | undefined;
  #shrink: ReturnType<typeof setTimeout> | undefined;
  #quiet: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(images: Record<ProgramImage, ImageSource>, { first, memoryGigabytes = 0 }: PoolOptions) {
    this.#images = images;
    this.#first = first;
    this.#restedReserve = memoryGigabytes >= ROOMY_GIGABYTES ? MOST : RESTED;
    this.#urls = { node: URL.createObjectURL(images.node.script), shell: URL.createObjectURL(images.shell.script) };
  }

  /** Boots the Workers that should wait: on all processors while none is ready, else on all but the one that runs the program. */
  fill(): void {
    clearTimeout(this.#refill);
    this.#refill = undefined;
    const hasTime = !this.#programs.isBusy();
    while (!this.#closed) {
      const missing = IMAGES.filter((candidate) => this.#isMissing(candidate, hasTime));
      const image = missing.find((candidate) => this.#ready[candidate].length === 0) ?? missing[0];
      if (image === undefined) break;
      if (this.#gate.size >= this.#mostBooting(image)) return;
      this.#ready[image].push(this.#create(image));
    }
    this.#preloadLater();
  }

  /** While a program computes, one that is ready, or will be soon, is enough. */
  #isMissing(image: WorkerImage, hasTime: boolean): boolean {
    const ready = this.#ready[image];
    if (!hasTime && ready.length >= this.#demand.expected(image, this.#processors)) return false;
    return ready.length < this.#wanted(image, hasTime);
  }

  #mostBooting(image: WorkerImage): number {
    // The page that has just opened is not done with its own start, nor its first program.
    if (!this.#hasBooted || IMAGES.every((candidate) => this.#taken[candidate].length === 0)) return 1;
    return this.#ready[image].some((seat) => seat.booted) ? this.#processors - 1 : this.#processors;
  }

  take(image: WorkerImage, session: number): WorkerSeat {
    this.#demand.note(image, session);
    const seats = this.#ready[image].filter((candidate) => candidate.usable);
    const seat =
      seats.find((candidate) => candidate.isLoaded) ??
      seats.find((candidate) => candidate.booted) ??
      seats[0] ??
      this.#create(image);
    this.#ready[image] = seats.filter((candidate) => candidate !== seat);
    this.#taken[image].push(performance.now());
    this.#programs.add(seat);
    clearTimeout(this.#quiet);
    this.#fillLater();
    return seat;
  }

  /** A program of the image `node` has ended, and says which steps it used. */
  noteUse(steps: number): void {
    this.#used.push(steps);
    if (this.#used.length > MEMORY) this.#used.shift();
  }

  /** A process has ended: there is time to boot another Worker. */
  release(): void {
    this.#fillLater();
    clearTimeout(this.#shrink);
    if (!this.#closed) this.#shrink = setTimeout(() => this.#dropSpare(), DEMAND_MS);
  }

  /**
   * In a pause of what runs; or, where none of an image is booted that is wanted, as soon as what happens now is done: programs come
   * quicker than Workers boot, but to make a Worker takes a millisecond or more, for which whoever waits for an end should not wait.
   */
  #fillLater(): void {
    clearTimeout(this.#refill);
    if (this.#closed) return;
    const isUrgent =
      this.#hasBooted &&
      IMAGES.some((image) => !this.#ready[image].some((seat) => seat.booted) && this.#wanted(image) > 0);
    this.#refill = setTimeout(() => this.fill(), isUrgent ? 0 : REFILL_DELAY_MS);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#refill);
    clearTimeout(this.#shrink);
    clearTimeout(this.#quiet);
    for (const image of IMAGES) for (const seat of this.#ready[image].splice(0)) seat.dispose();
    for (const url of Object.values(this.#urls)) URL.revokeObjectURL(url);
  }

  #wanted(image: WorkerImage, hasTime = true): number {
    const since = performance.now() - DEMAND_MS;
    const recent = this.#taken[image].filter((time) => time > since).slice(-MOST);
    this.#taken[image] = recent;
    const reserve = image === 'node' && this.#rested && hasTime ? this.#restedReserve : RESERVE[image];
    return Math.max(reserve, recent.length);
  }

  /** The demand has passed: what waits beyond the reserve gives its memory back. */
  #dropSpare(): void {
    for (const image of IMAGES) for (const seat of this.#ready[image].splice(this.#wanted(image))) seat.dispose();
  }

  /** One after the other; and then there is time for more of them. */
  #preloadLater(): void {
    clearTimeout(this.#quiet);
    if (this.#closed) return;
    const next = () => this.#ready.node.find((seat) => seat.booted && !seat.isLoaded);
    this.#quiet = setTimeout(() => {
      if (this.#programs.isBusy()) {
        this.#preloadLater();
        return;
      }
      next()?.preload();
      if (next()) return;
      if (this.#rested) this.#fillUp();
      else this.#quiet = setTimeout(() => this.#rest(), REST_MS);
    }, QUIET_MS);
  }

  #rest(): void {
    this.#rested = !this.#programs.isBusy();
    if (this.#rested) this.fill();
    else this.#preloadLater();
  }

  /** What was not booted while a program computed. */
  #fillUp(): void {
    if (IMAGES.some((image) => this.#ready[image].length < this.#wanted(image))) this.fill();
  }

  /** What at least half of the last programs used. */
  #expectedSteps(): number {
    let steps = 0;
    for (let bit = 1; bit <= Math.max(0, ...this.#used); bit *= 2) {
      const count = this.#used.filter((used) => used & bit).length;
      if (2 * count >= this.#used.length) steps |= bit;
    }
    return steps;
  }

  #create(image: WorkerImage): WorkerSeat {
    const program = image === 'thread' ? 'node' : image;
    const first = image === 'node' ? this.#first : null;
    if (first) this.#first = null;
    const source = { make: () => first ?? makeWorker(this.#urls[program]), library: this.#images[program].library };
    const steps = image === 'node' ? this.#expectedSteps() : 0;
    const seat = new WorkerSeat(source, this.#gate, { isThread: image === 'thread', steps });
    seat.onReady = () => {
      this.#hasBooted = true;
      this.fill();
    };
    return seat;
  }
}

export interface SeatOwner extends ChannelOwner {
  onCrash(reason: string): void;
}

interface SeatSource {
  make: () => ProgramWorker;
  library: ImageSource['library'];
}

type SeatKind = Pick<BootMessage, 'isThread' | 'steps'>;

/** One Worker, for the one process that will run in it. */
export class WorkerSeat {
  readonly channel: ProcessChannel;
  /** Null until there is room to boot it. */
  #worker: ProgramWorker | null = null;
  readonly #leaveGate: () => void;
  #owner: SeatOwner | null = null;
  /** It waits for its launch. */
  booted = false;
  /** It has loaded all that a program may need, or does so. */
  isLoaded = false;
  ended = false;
  /** Called when it has booted, and when it has loaded what it was told to. */
  onReady: (() => void) | null = null;
  #failure: string | null = null;
  #launch: Launch | null = null;

  constructor(source: SeatSource, gate: BootGate, kind: SeatKind) {
    this.channel = new ProcessChannel({
      handle: (name, args, visited) => {
        if (!this.#owner) throw new SystemError('EAGAIN', 'A call before the launch');
        return this.#owner.handle(name, args, visited);
      },
      onViolation: (reason) => {
        if (this.#owner) this.#owner.onViolation(reason);
        else this.#fail(reason);
      },
    });
    this.#leaveGate = gate.enter(() => {
      const worker = source.make();
      this.#worker = worker;
      worker.onFailure = (message) => this.#fail(`The process crashed: ${message || 'its Worker did not start'}`);
      worker.onMessage = (data) => {
        if (isReady(data)) this.#onReady();
      };
      this.#boot(worker, source.library, kind);
    });
  }

  #boot(worker: ProgramWorker, library: ImageSource['library'], kind: SeatKind): void {
    const { memory: sync, remotePort: port } = this.channel;
    library.then(
      (memory) => {
        const boot: BootMessage = { type: 'boot', sync, port, library: memory, ...kind, launch: null };
        worker.post(boot, [port]);
      },
      (error: unknown) => this.#fail(`Node's library could not be read: ${String(error)}`),
    );
  }

  get work(): number {
    return this.channel.work;
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
    if (this.booted) this.#sendLaunch(launch);
  }

  /** There is time: loads what a program may need. */
  preload(): void {
    this.isLoaded = true;
    const message: PreloadMessage = { type: 'preload' };
    this.#worker?.post(message);
  }

  terminate(): void {
    this.ended = true;
    this.#worker?.terminate();
    this.#leaveGate();
  }

  /** Ends it, where no process took it. */
  dispose(): void {
    this.terminate();
    this.channel.close();
  }

  /** Twice: it is booted, and it has loaded what it was told to with its boot. */
  #onReady(): void {
    if (this.booted) this.#leaveGate();
    this.booted = true;
    if (this.#launch) this.#sendLaunch(this.#launch);
    this.onReady?.();
  }

  #sendLaunch(launch: Launch): void {
    this.#launch = null;
    this.#leaveGate();
    const message: LaunchMessage = { type: 'launch', launch };
    this.#worker?.post(message);
  }

  #fail(reason: string): void {
    this.#failure = reason;
    this.#leaveGate();
    this.onReady?.();
    this.#owner?.onCrash(reason);
  }
}

function isReady(message: unknown): message is ReadyMessage {
  if (typeof message !== 'object' || message === null || !('type' in message)) return false;
  return message.type === 'prewarmed' || message.type === 'preloaded';
}
