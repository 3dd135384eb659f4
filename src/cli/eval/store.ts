import { copyFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { toCsv } from './csv.ts';
import { renderResults } from './html.ts';
import { type EvalRow, FORMAT, mergeRows, parseResults } from './results.ts';
import { groupByModel, groupByTask } from './summary.ts';

const RESULTS = 'results.json';

/** The rows in a folder of results; none where there are no results yet. Throws where the file is damaged. */
export async function readRows(folder: string): Promise<readonly EvalRow[]> {
  const place = join(folder, RESULTS);
  let text: string;
  try {
    text = await readFile(place, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return parseResults(text, place);
}

/** `results.json`; whoever reads it meanwhile sees the old or the new one. */
export async function writeRows(folder: string, rows: readonly EvalRow[]): Promise<void> {
  const value = {
    format: FORMAT,
    rows,
    byModelAndStrategy: groupByModel(rows),
    byTaskModelAndStrategy: groupByTask(rows),
  };
  await writeWhole(join(folder, RESULTS), `${JSON.stringify(value, null, 1)}\n`);
}

/** The tables for people and spreadsheets: `results.html`, `results.csv` (a line a task, model and strategy), `runs.csv`. */
export async function writeTables(folder: string, rows: readonly EvalRow[]): Promise<void> {
  await writeWhole(join(folder, 'results.html'), renderResults(rows, new Date().toISOString()));
  await writeWhole(join(folder, 'results.csv'), toCsv(groupByTask(rows).map((group) => ({ ...group }))));
  await writeWhole(join(folder, 'runs.csv'), toCsv(rows.map(flat)));
}

/** Puts results of several folders together in one, with their session files. Throws where a folder has none. */
export async function mergeFolders(folders: readonly string[], out: string): Promise<readonly EvalRow[]> {
  const lists = await Promise.all(
    folders.map(async (folder) => {
      const place = join(folder, RESULTS);
      return parseResults(await readFile(place, 'utf8'), place).map((row) => ({ folder, row }));
    }),
  );
  const rows = mergeRows(lists.map((list) => list.map(({ row }) => row)));
  for (const row of rows) {
    const source = lists.flat().find((each) => each.row === row);
    if (source && row.session !== null) await copyInto(join(source.folder, row.session), join(out, row.session));
  }
  await writeRows(out, rows);
  await writeTables(out, rows);
  return rows;
}

async function copyInto(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to);
}

/** Writes a file so that whoever reads it meanwhile sees the old text or the new one, never a part. */
export async function writeWhole(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

function flat(row: EvalRow) {
  const { tests, diff, left, explanation: _, ...rest } = row;
  return {
    ...rest,
    leftFailing: left?.tests ?? 0,
    leftBy: left?.by ?? null,
    testsPassed: tests?.passed ?? null,
    testsFailed: tests?.failed ?? null,
    files: diff?.files ?? null,
    linesAdded: diff?.linesAdded ?? null,
    linesRemoved: diff?.linesRemoved ?? null,
    testFiles: diff?.testFiles ?? null,
  };
}
