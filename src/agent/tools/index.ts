import { applyPatch } from './apply-patch.ts';
import { askUser } from './ask-user.ts';
import { deleteFile } from './delete-file.ts';
import { dependencies } from './dependencies.ts';
import { editFile } from './edit-file.ts';
import { findDefinition } from './find-definition.ts';
import { findReferencesTool } from './find-references.ts';
import { findTests } from './find-tests.ts';
import { finish } from './finish.ts';
import { giveUp } from './give-up.ts';
import { listFiles } from './list-files.ts';
import { moveFile } from './move-file.ts';
import { outline } from './outline.ts';
import { readFile } from './read-file.ts';
import { readOutput } from './read-output.ts';
import { runCommand } from './run-command.ts';
import { runTest } from './run-test.ts';
import { runTests } from './run-tests.ts';
import { search } from './search.ts';
import type { Tool } from './tool.ts';
import { updatePlan } from './update-plan.ts';
import { writeFile } from './write-file.ts';

// Sets for strategies to choose from, in the order in which a model reads them.

/** They look and change nothing. */
export const READING: readonly Tool[] = [
  search,
  readFile,
  listFiles,
  outline,
  findDefinition,
  findReferencesTool,
  dependencies,
  findTests,
  readOutput,
];
/** They change the project's files. */
export const EDITING: readonly Tool[] = [editFile, applyPatch, writeFile, moveFile, deleteFile];
/** They run programs. */
export const RUNNING: readonly Tool[] = [runTests, runTest, runCommand];
/** They think aloud and ask. */
const PLANNING: readonly Tool[] = [updatePlan, askUser];
/** They end the run. */
const ENDING: readonly Tool[] = [finish, giveUp];

export const TOOLS: readonly Tool[] = [...READING, ...EDITING, ...RUNNING, ...PLANNING, ...ENDING];
