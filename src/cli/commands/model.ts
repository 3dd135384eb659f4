/** `model`: whether a model can be used, and what is wrong when it cannot. */
import type { Command } from 'commander';
import { testConnection } from '../../model/connection.ts';
import { PRESETS } from '../../model/presets.ts';
import { UsageError } from './arguments.ts';
import { hostOf } from './model-options.ts';

export function addModelCommand(program: Command): void {
  program
    .command('model')
    .description('test the connection to a model, or list the known hosts; exit code 0 only when it answers')
    .argument('[model]', 'openai:NAME, or HOST:NAME of a known host')
    .option('--base-url <url>', 'address of the OpenAI-compatible server of openai:NAME')
    .option('--seconds <n>', 'how long to wait for it', '60')
    .action(async (model: string | undefined, { baseUrl, seconds }: { baseUrl?: string; seconds: string }) => {
      if (model === undefined) return listHosts();
      const named = hostOf(model, baseUrl);
      if (!named)
        throw new UsageError(`"${model}" names no server: use HOST:NAME; without a name the hosts are listed`);
      const { name, url, key } = named;
      const signal = AbortSignal.timeout(Number(seconds) * 1000);
      const late = () => ({
        problem: 'unreachable' as const,
        message: `${url} gave no answer within ${seconds} seconds.`,
        tools: null,
      });
      const { problem, message, tools } = await testConnection({ baseUrl: url, key, model: name }, signal).catch(
        (error: unknown) => {
          if (signal.aborted) return late();
          throw error;
        },
      );
      process.stdout.write(`${problem === null ? `ok (tools: ${tools})` : problem}: ${message}\n`);
      process.exitCode = problem === null ? 0 : 1;
    });
}

function listHosts(): void {
  const width = Math.max(...PRESETS.map(({ id }) => id.length));
  for (const { id, name, baseUrl, note = '' } of PRESETS)
    process.stdout.write(
      `${id.padEnd(width)}  ${name}, ${baseUrl}${note === '' ? '' : `\n${' '.repeat(width)}  ${note}`}\n`,
    );
}
