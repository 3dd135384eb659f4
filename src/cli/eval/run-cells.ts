/** Runs the cells of an evaluation: each in a fresh sandbox, one after the other in a page that is opened again when it fails. */
import type { OpenPage } from '../browser/command-page.ts';
import type { AgentEnd, AgentRequest } from '../page-api.ts';
import type { Cell } from './plan.ts';
import type { EvalRow } from './results.ts';
import { crashedRow, type RowHead, rowOf } from './row-of.ts';

export interface CellRun {
  readonly cells: readonly Cell[];
  /** Pages at work at the same time. */
  readonly concurrency: number;
  /** Seconds after which a run that has not ended is taken for lost, and its page with it. */
  readonly patience: number;
  readonly stop: AbortSignal;
  /** Opens a page and closes it after the work, also when it fails; rejects when the page dies. */
  withPage(work: (open: OpenPage) => Promise<void>): Promise<void>;
  request(open: OpenPage, cell: Cell): Promise<AgentRequest>;
  call(open: OpenPage, request: AgentRequest): Promise<AgentEnd>;
  fingerprintOf(cell: Cell): Promise<string>;
  /** Keeps a session file; returns its path beside the results. */
  keepSession(cell: Cell, text: string): Promise<string>;
  /** Called once for each cell that was begun, one call after the other. */
  onRow(row: EvalRow): Promise<void>;
}

/** The page does not answer any more. */
class PageLostError extends Error {
  override name = 'PageLostError';
}

/** Resolves when every cell has its row, or the evaluation was stopped. */
export async function runCells(run: CellRun): Promise<void> {
  const queue = [...run.cells];
  const rows = serially(run.onRow);
  const workers = Array.from({ length: Math.min(run.concurrency, queue.length) }, () => work(run, queue, rows));
  await Promise.all(workers);
}

type Report = (row: EvalRow) => Promise<void>;

/** Opens pages until there is nothing left to do. */
async function work(run: CellRun, queue: Cell[], report: Report): Promise<void> {
  while (queue.length > 0 && !run.stop.aborted) {
    let begun: { readonly cell: Cell; readonly at: Date } | null = null;
    try {
      await run.withPage(async (open) => {
        for (let cell = queue.shift(); cell; cell = run.stop.aborted ? undefined : queue.shift()) {
          begun = { cell, at: new Date() };
          await report(await runCell(run, open, begun));
          begun = null;
        }
      });
    } catch (error) {
      // A page that cannot even be opened costs a cell as well: else this would never end.
      const lost: { readonly cell: Cell; readonly at: Date } | null = begun ?? next(queue);
      if (lost) await report(crashed(await headOf(run, lost), lost.at, error));
    }
  }
}

function next(queue: Cell[]): { cell: Cell; at: Date } | null {
  const cell = queue.shift();
  return cell ? { cell, at: new Date() } : null;
}

/** Rejects only when the page is lost. */
async function runCell(run: CellRun, open: OpenPage, { cell, at }: { cell: Cell; at: Date }): Promise<EvalRow> {
  const head = await headOf(run, { cell, at });
  try {
    const end = await inTime(run.call(open, await run.request(open, cell)), run.patience);
    return rowOf(head, end, await run.keepSession(cell, end.session));
  } catch (error) {
    if (error instanceof PageLostError) throw error;
    return crashed(head, at, error);
  }
}

async function headOf(run: CellRun, { cell, at }: { cell: Cell; at: Date }): Promise<RowHead> {
  return { cell, fingerprint: await run.fingerprintOf(cell), startedAt: at.toISOString() };
}

function crashed(head: RowHead, at: Date, error: unknown): EvalRow {
  const message = error instanceof Error ? error.message : String(error);
  return crashedRow(head, message, (Date.now() - at.getTime()) / 1000);
}

async function inTime<T>(work: Promise<T>, seconds: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const problem = new PageLostError(`The run has not ended after ${seconds} s, beyond all its limits.`);
    timer = setTimeout(() => reject(problem), seconds * 1000);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function serially(onRow: Report): Report {
  let last: Promise<void> = Promise.resolve();
  return (row) => {
    last = last.then(() => onRow(row));
    return last;
  };
}
