import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findNode, projectRoot } from '../../runtime/library/find-node.ts';
import { indexTasks } from './task-index.ts';

const GALLERY = 'public/tasks';

/** Exit code of the task's tests, held-out ones too, under the pinned Node, optionally with its solution applied. */
function testTask(name: string, withSolution: boolean): number | null {
  const folder = mkdtempSync(join(tmpdir(), 'fixpoint-task-'));
  cpSync(join(GALLERY, name, 'files'), folder, { recursive: true });
  if (existsSync(join(GALLERY, name, 'hidden'))) cpSync(join(GALLERY, name, 'hidden'), folder, { recursive: true });
  if (withSolution) cpSync(join(GALLERY, name, 'solution'), folder, { recursive: true });
  return spawnSync(findNode(projectRoot()).path, ['--test'], { cwd: folder, env: { PATH: process.env.PATH } }).status;
}

describe('the gallery', () => {
  it('lists every task with its files, the easiest first', async () => {
    const index = JSON.parse(await indexTasks(GALLERY)) as { name: string; files: string[] }[];
    expect(index.map((task) => task.name).sort()).toEqual(readdirSync(GALLERY).sort());
    expect(index[0]?.name).toBe('discount');
    for (const task of index) expect(task.files).toContain('files/package.json');
  });

  it.each(readdirSync(GALLERY))('%s fails at the start and passes with its solution', (name) => {
    expect([testTask(name, false), testTask(name, true)]).toEqual([1, 0]);
  });
});
