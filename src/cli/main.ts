/** The commands: `npm run --silent NAME -- …`. See README.md for what each does. */
import { Command } from 'commander';
import { ensureBuild } from './build.ts';
import { addAgentCommand } from './commands/agent.ts';
import { addBenchCommand } from './commands/bench.ts';
import { addReplayCommand } from './commands/replay.ts';
import { addSandboxCommand } from './commands/sandbox.ts';
import { serve } from './serve.ts';

/** `root` is the project's folder. Sets the exit code; throws nothing. */
export async function main(root: string, argv: readonly string[]): Promise<void> {
  const program = new Command('fixpoint').showHelpAfterError();
  program
    .command('serve')
    .description('build what changed, serve it on localhost and print the address')
    .option('--port <number>', 'port', '4173')
    .action(async ({ port }: { port: string }) => {
      const server = await serve(await ensureBuild(root), { port: parsePort(port) });
      process.stdout.write(`Fixpoint is ready at ${server.url}\n`);
    });
  program
    .command('build')
    .description('make the production build in dist/')
    .action(async () => {
      process.stdout.write(`${await ensureBuild(root)}\n`);
    });
  program
    .command('test')
    .description('types, lint, import rules, unit tests, end to end')
    .action(async () => {
      const { testAll } = await import('./test-all.ts');
      process.exitCode = await testAll(root);
    });
  addSandboxCommand(program, root);
  addAgentCommand(program, root);
  addReplayCommand(program, root);
  addBenchCommand(program, root);
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    process.stderr.write(`fixpoint: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new Error(`--port: "${text}" is not a port (0 to 65535)`);
  return port;
}
