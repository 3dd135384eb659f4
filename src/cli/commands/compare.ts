/** `compare`: two runs beside each other. */
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { parseSessionText } from '../../session/format/parse-session.ts';
import { compareRuns } from '../../session/state/compare-runs.ts';
import { foldEvents } from '../../session/state/reducer.ts';
import type { SessionState } from '../../session/state/session-state.ts';

export function addCompareCommand(program: Command): void {
  program
    .command('compare')
    .description('put the last runs of two sessions beside each other: two models, or two strategies, on one task')
    .argument('<first>', 'a session file')
    .argument('<second>', 'a session file')
    .option('--json', 'print everything as JSON')
    .action(async (first: string, second: string, { json }: { json?: boolean }) => {
      const comparison = compareRuns(await readSession(first), await readSession(second));
      if (json) return void process.stdout.write(`${JSON.stringify(comparison, null, 1)}\n`);
      const { figures, parting, summary } = comparison;
      const width = (column: (figure: (typeof figures)[number]) => string) =>
        Math.max(...figures.map((each) => column(each).length));
      const [names, left] = [width(({ name }) => name), width((each) => each.first) + 2];
      for (const { name, first: one, second: two, better } of figures) {
        const cell = (text: string, side: 'first' | 'second') => `${text}${better === side ? ' *' : ''}`;
        process.stdout.write(`${name.padEnd(names)}  ${cell(one, 'first').padEnd(left)}  ${cell(two, 'second')}\n`);
      }
      if (parting)
        process.stdout.write(
          `\nStep ${parting.step} is the first that differs: ${parting.first} | ${parting.second}\n`,
        );
      process.stdout.write(`${summary}\n`);
    });
}

async function readSession(file: string): Promise<SessionState> {
  const { id, events } = parseSessionText(await readFile(file, 'utf8'));
  return foldEvents(id, events);
}
