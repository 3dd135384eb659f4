import { z } from 'zod';
import { elide } from '../elide.ts';
import { defineTool, success } from './tool.ts';

const OUTPUT = 12_000;

export const runCommand = defineTool({
  name: 'run_command',
  description: 'Runs a line of sh in the project folder (Node and npm are there) and gives its output and exit code.',
  schema: z.object({
    command: z.string().min(1),
    seconds: z.number().min(1).max(300).default(60).describe('Deadline; the command is killed when it passes.'),
  }),
  phase: 'run',
  run: async ({ command, seconds }, { workspace, call }) => {
    const { result, changes, undone } = await workspace.run(call, command, seconds);
    const notes = [
      result.ended === 'timed-out' ? `Killed after ${seconds} seconds (exit code ${result.exitCode}).` : '',
      result.ended === 'exited' ? `Exit code ${result.exitCode}.` : '',
      changes.length > 0 ? `Files changed: ${changes.map(({ path }) => path).join(', ')}.` : '',
      undone.length > 0 ? `Undone, because these files may not be changed: ${undone.join(', ')}.` : '',
    ];
    return success(`${notes.filter((note) => note !== '').join('\n')}\n${elide(result.output, OUTPUT)}`);
  },
});
