/** The commands: `npm run --silent NAME -- …`. See README.md for what each does. */
import { Command } from 'commander';
import { type RunningServer, serve } from './browser/serve.ts';
import { ensureBuild } from './build/build.ts';
import { addAgentCommand } from './commands/agent.ts';
import { addBenchCommand } from './commands/bench.ts';
import { addCompareCommand } from './commands/compare.ts';
import { addEditCommand } from './commands/edit.ts';
import { addEvalCommand } from './commands/eval.ts';
import { addModelCommand } from './commands/model.ts';
import { addReplayCommand } from './commands/replay.ts';
import { addSandboxCommand } from './commands/sandbox.ts';
import { endOnSignals } from './stop-signals.ts';

const FIRST_PORT = 4173;

/** `root` is the project's folder, `parent` the process that started this one. Sets the exit code; throws nothing. */
export async function main(root: string, argv: readonly string[], parent: number): Promise<void> {
  endOnSignals(parent);
  const program = new Command('fixpoint').showHelpAfterError();
  program
    .command('serve')
    .description('build what changed, serve it on localhost and print the address')
    .option('--port <number>', `port; without it the first free one from ${FIRST_PORT} on`)
    .action(async ({ port }: { port?: string }) => {
      const dist = await ensureBuild(root);
      const server = port === undefined ? await serveOnFreePort(dist) : await serve(dist, { port: parsePort(port) });
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
  addEvalCommand(program, root);
  addEditCommand(program);
  addModelCommand(program);
  addCompareCommand(program);
  addBenchCommand(program, root);
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    process.stderr.write(`fixpoint: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

async function serveOnFreePort(dist: string): Promise<RunningServer> {
  for (let port = FIRST_PORT; ; port += 1) {
    try {
      return await serve(dist, { port });
    } catch (error) {
      const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      if (!taken || port === FIRST_PORT + 20) throw error;
    }
  }
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new Error(`--port: "${text}" is not a port (0 to 65535)`);
  return port;
}
