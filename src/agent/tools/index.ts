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

/** Every tool, in the order in which a model reads them. */
export const TOOLS: readonly Tool[] = [
  listFiles,
  search,
  readFile,
  editFile,
  writeFile,
  runCommand,
  runTests,
  finish,
  giveUp,
];
