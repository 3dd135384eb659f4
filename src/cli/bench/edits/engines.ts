/** The edit engine and what it is measured beside: each takes a case and gives the files, or null for a refusal. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { applyPatch } from 'diff';
import { applyEdit } from '../../../agent/edit/apply-edit.ts';
import type { EditCase } from './edit-case.ts';

type Files = Readonly<Record<string, string>>;
export type Answer = { readonly files: Files } | { readonly refusal: string };
export type Engine = (one: EditCase) => Answer;

export const ours: Engine = ({ files, edit }) => {
  const result = applyEdit(files, edit);
  if (!result.ok) return { refusal: result.error };
  const after = new Map(Object.entries(files));
  for (const { path, content } of result.changes) {
    if (typeof content === 'string') after.set(path, content);
    else after.delete(path);
  }
  return { files: Object.fromEntries(after) };
};

export const diffPackage: Engine = ({ files, edit }) => {
  const [path = '', before = ''] = Object.entries(files)[0] ?? [];
  try {
    const after = applyPatch(before, 'text' in edit ? edit.text : '');
    return after === false ? { refusal: 'false' } : { files: { [path]: after } };
  } catch (error) {
    return { refusal: error instanceof Error ? error.message : String(error) };
  }
};

/** A program that changes files in a folder, its exit code 0 when it did all. */
const program =
  (command: string, args: readonly string[]): Engine =>
  ({ files, edit }) => {
    const folder = mkdtempSync(join(tmpdir(), 'fixpoint-edit-'));
    try {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
      writeFileSync(join(folder, '.edit.diff'), 'text' in edit ? edit.text : '');
      const env = { ...process.env, GIT_CEILING_DIRECTORIES: tmpdir(), LC_ALL: 'C' };
      execFileSync(command, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 20_000 });
      return {
        files: Object.fromEntries(Object.keys(files).map((path) => [path, readFileSync(join(folder, path), 'utf8')])),
      };
    } catch (error) {
      if (error instanceof Error && 'status' in error && 'signal' in error) {
        // GNU patch aborts on an assertion of its own at some damaged diffs.
        const hasAnswered = typeof error.status === 'number' || error.signal === 'SIGABRT';
        if (hasAnswered) return { refusal: error.message };
      }
      throw error;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };

export const gitApply = program('git', ['apply', '--whitespace=nowarn', '.edit.diff']);
export const gnuPatch = program('patch', [
  '-p1',
  '-s',
  '-f',
  '-N',
  '--binary',
  '--no-backup-if-mismatch',
  '-r',
  '-',
  '-i',
  '.edit.diff',
]);
