import { editFile } from './edit-file.ts';
import { finish } from './finish.ts';
import { giveUp } from './give-up.ts';
import { listFiles } from './list-files.ts';
import { readFile } from './read-file.ts';
import { runCommand } from './run-command.ts';
import { runTests } from './run-tests.ts';
import { search } from './search.ts';
import type { Tool } from './tool.ts';
import { writeFile } from './write-file.ts';

// Sets for strategies to choose from, in the order in which a model reads them.

/** They look and change nothing. */
export const READING: readonly Tool[] = [listFiles, search, readFile];
/** They change the project's files. */
export const EDITING: readonly Tool[] = [editFile, writeFile];
/** They run programs. */
export const RUNNING: readonly Tool[] = [runCommand, runTests];
/** They think aloud and ask. */
export const PLANNING: readonly Tool[] = [];
/** They end the run. */
export const ENDING: readonly Tool[] = [finish, giveUp];

export const TOOLS: readonly Tool[] = [...READING, ...EDITING, ...RUNNING, ...PLANNING, ...ENDING];
