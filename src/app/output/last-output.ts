import type { CallState, SessionState } from '../../session/state/session-state.ts';
import { foldLine } from './output-buffer.ts';

type Command = NonNullable<CallState['command']>;

const linesByCommand = new WeakMap<Command, readonly string[]>();

/** Lines of the last command in the log. */
export function lastOutput(state: SessionState): readonly string[] {
  const commands = state.runs.flatMap(({ start, steps }) => [
    start,
    ...steps.flatMap((step) => step.calls.map(({ command }) => command)),
  ]);
  const command = commands.findLast((each) => each !== null);
  if (!command) return [];
  const known = linesByCommand.get(command);
  if (known) return known;
  const lines = [`$ ${command.line}`, ...command.output.split('\n').flatMap(foldLine)];
  linesByCommand.set(command, lines);
  return lines;
}
