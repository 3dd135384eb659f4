import { z } from 'zod';
import { showOutput } from '../show-output.ts';
import { defineTool, success } from './tool.ts';

const OUTPUT = 12_000;

export const runCommand = defineTool({
  name: 'run_command',
  description:
    'Runs a line of sh in the project folder (Node and npm are there) and gives its exit code and output. ' +
    'A server that is started with & goes on running for later commands.',
  schema: z.object({
    command: z.string().min(1),
    seconds: z.number().min(1).max(3600).default(60).describe('Deadline; the command is killed when it passes.'),
  }),
  phase: 'run',
  run: async ({ command, seconds }, { workspace, call }) => {
    const { result, changes, undone } = await workspace.run(call, command, seconds);
    const notes = [
      result.ended === 'timed-out'
        ? `Killed after ${workspace.deadlineOf(seconds)} seconds (exit code ${result.exitCode}).`
        : '',
      result.ended === 'exited' ? `Exit code ${result.exitCode}.` : '',
      changes.length > 0 ? `Files changed: ${list(changes.map(({ path }) => path))}.` : '',
      undone.length > 0 ? `Undone, because these files may not be changed: ${list(undone)}.` : '',
    ];
    const output = result.output.trim() === '' ? '(no output)' : showOutput(workspace.outputs, result.output, OUTPUT);
    return success(`${notes.filter((note) => note !== '').join('\n')}\n${output}`);
  },
});

const MOST = 30;
const list = (paths: readonly string[]): string =>
  paths.length > MOST ? `${paths.slice(0, MOST).join(', ')} and ${paths.length - MOST} more` : paths.join(', ');
