/** All texts of a session, one by one, with a name for the place of each. */
import type { SessionEvent, SessionFile } from '../session/events.ts';

export interface TextPlace {
  /** Number of the event. */
  readonly event: number;
  /** Keys from the event to the text, joined by dots. */
  readonly field: string;
  /** For a person. */
  readonly place: string;
  /** Of the file whose content the text is; null when it is no file's. */
  readonly path: string | null;
}

type Visit = (text: string, place: TextPlace) => string;

/** Fields that hold the log together; every other text is one that somebody wrote. */
const STRUCTURE = new Set(
  'type run call attempt parent tree from best path id phase ended status kind level role branch source limit'.split(
    ' ',
  ),
);

/** The session with each text as `visit` gives it back. Binary contents are left out. */
export function mapTexts(session: SessionFile, visit: Visit): unknown {
  const commands = new Map<string, string>();
  const events = session.events.map((event, index) => {
    if (event.type === 'tool-called') commands.set(event.call, event.tool);
    const mapValue = (value: unknown, keys: readonly string[]): unknown => {
      if (typeof value === 'string') {
        const path = pathOf(event, keys);
        const place = path === null ? placeOf(event, keys, commands) : `file ${path}`;
        return visit(value, { event: index, field: keys.join('.'), place, path });
      }
      if (Array.isArray(value)) return value.map((each: unknown, at) => mapValue(each, [...keys, String(at)]));
      if (typeof value !== 'object' || value === null || 'base64' in value) return value;
      const areFiles = keys[0] === 'files';
      return Object.fromEntries(
        Object.entries(value).map(([key, each]: [string, unknown]) => [
          key,
          !areFiles && STRUCTURE.has(key) ? each : mapValue(each, [...keys, key]),
        ]),
      );
    };
    return mapValue(event, []);
  });
  return { ...session, events };
}

function pathOf(event: SessionEvent, [field, key = '', last]: readonly string[]): string | null {
  if ('files' in event && field === 'files') return key;
  if (!('changes' in event) || field !== 'changes' || last !== 'content') return null;
  return event.changes[Number(key)]?.path ?? null;
}

function placeOf(event: SessionEvent, keys: readonly string[], tools: ReadonlyMap<string, string>): string {
  const [first = '', second = '', third = ''] = keys;
  switch (event.type) {
    case 'session-started':
      return `the task's ${second}`;
    case 'model-replied':
      if (first === 'calls') return `the model's call of ${event.calls[Number(second)]?.name ?? 'a tool'}`;
      return first === 'text' ? "the model's text" : "the model's reasoning";
    case 'command-finished':
      return first === 'output' ? `output of ${event.command.slice(0, 60)}` : 'a command line';
    case 'verdict-reached':
      return `result of test ${event.verdict.tests[Number(third)]?.name.join(' > ') ?? ''}`.trim();
    case 'check-finished':
      return first === 'output' ? `output of ${event.command.slice(0, 60)}` : `the ${event.check} check`;
    case 'tool-finished':
      return `result of ${tools.get(event.call) ?? 'a tool'}`;
    case 'question-asked':
      return "the agent's question";
    case 'question-answered':
      return "a person's answer";
    case 'plan-updated':
      return "a step of the model's plan";
    case 'model-told':
      return 'a word to the model';
    case 'review-given':
      return "the reviewer's comments";
    case 'run-finished':
      return "the run's outcome";
    default:
      return `${first} of ${event.type}`;
  }
}
