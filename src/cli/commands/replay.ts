/** `replay`: re-executes a recorded session and compares. */
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { withCommandPage } from '../browser/command-page.ts';
import { UsageError } from './arguments.ts';

export function addReplayCommand(program: Command, root: string): void {
  program
    .command('replay')
    .description('re-execute a recorded session in a fresh sandbox; exit code 0 only when all agrees')
    .argument('<file or url>', 'a session file, or a share link')
    .option('--project <dir>', "the project's folder, when its installed code is not kept on this machine")
    .action(async (file: string, { project }: { project?: string }) => {
      const source = await readSource(file);
      const end = await withCommandPage(
        root,
        () => undefined,
        async (open) =>
          open.call('replay', { source, project: project === undefined ? null : await open.publish(project) }),
      );
      process.stdout.write(end.lines.map((line) => `${line}\n`).join(''));
      process.exitCode = end.agrees ? 0 : 1;
    });
}

/** A link's fragment ("#…"), or a session file's text. */
async function readSource(source: string): Promise<string> {
  if (!/^https?:\/\//.test(source)) return readFile(source, 'utf8');
  const { hash } = new URL(source);
  if (hash === '') throw new UsageError('that address has no session in its fragment (the part after #)');
  return hash;
}
