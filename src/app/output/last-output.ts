import type { CallState, SessionState } from '../../session/events.ts';
import { foldLine } from './output-buffer.ts';

const linesByCall = new WeakMap<CallState, readonly string[]>();

/** Lines of the last command in the log. */
export function lastOutput(state: SessionState): readonly string[] {
  const calls = state.runs.flatMap(({ steps }) => steps.flatMap((step) => step.calls));
  const call = calls.findLast(({ command }) => command !== null);
  if (!call?.command) return [];
  const known = linesByCall.get(call);
  if (known) return known;
  const lines = [`$ ${call.command.line}`, ...call.command.output.split('\n').flatMap(foldLine)];
  linesByCall.set(call, lines);
  return lines;
}
