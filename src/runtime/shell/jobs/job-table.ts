/** The background jobs of a shell: those a script may still ask about, and how the last others ended. */
import type { Job } from './job.ts';

/** Of so many jobs that were waited for the status is known still; and so many that have ended wait to be asked about. */
const REMEMBERED = 1024;

export class JobTable {
  readonly #open = new Map<number, Job>();
  readonly #past = new Map<number, number>();

  /** What a job that begins is called: one more than the highest number in use. */
  nextNumber(): number {
    let highest = 0;
    for (const { number } of this.#open.values()) highest = Math.max(highest, number);
    return highest + 1;
  }

  add(job: Job): void {
    this.#past.delete(job.pid);
    this.#open.set(job.pid, job);
    if (this.#open.size > REMEMBERED) this.#forgetEnded();
  }

  /** In the order in which they began. */
  open(): Job[] {
    return [...this.#open.values()];
  }

  byPid(pid: number): Job | undefined {
    return this.#open.get(pid);
  }

  /** How a job ended that was waited for. */
  pastStatus(pid: number): number | undefined {
    return this.#past.get(pid);
  }

  /** The script knows of its end, or wants to know no more of it. */
  forget(job: Job, status?: number): void {
    if (!this.#open.delete(job.pid) || status === undefined) return;
    this.#past.set(job.pid, status);
    const [oldest] = this.#past.keys();
    if (this.#past.size > REMEMBERED && oldest !== undefined) this.#past.delete(oldest);
  }

  /** A script that never waits may start any number. */
  #forgetEnded(): void {
    for (const job of this.#open.values()) {
      if (job.done) {
        this.forget(job, job.exitStatus);
        return;
      }
    }
  }
}
