import type { AssistantMessage, Model, ModelRequest, ToolCall } from '../model.ts';
import { type Candidate, findCandidates, isSound } from './candidates.ts';
import { changedPaths, type Knowledge, readConversation, stateKey } from './conversation.ts';
import { editBetween } from './edit.ts';
import { explainDefeat, explainSuccess } from './explain.ts';
import { filesToRead } from './reading-list.ts';
import { endingFor, playRole } from './roles.ts';
import { readShare, type Share } from './share.ts';

/** Test runs after edits, at most: a person watches, and limits of a run are of this size. */
const TRIALS = 56;

type Call = readonly [name: string, args: Record<string, unknown>];

/**
 * The built-in solver: no network and no language model. It runs the tests, reads the code that the failing ones reach, and tries small
 * syntactic repairs, the likeliest first; what makes more tests pass is kept, what does not is taken back.
 */
export function createSolver(): Model {
  return {
    name: 'solver',
    respond: async (request, { signal, onText }) => {
      signal.throwIfAborted();
      const message = nextMessage(request);
      if (message.content !== '') onText?.(message.content);
      return { message, cost: 0 };
    },
  };
}

/** The next message is a function of the conversation alone. */
function nextMessage(request: ModelRequest): AssistantMessage {
  const { messages } = request;
  const ending = endingFor(request);
  const turn = messages.filter(({ role }) => role === 'assistant').length + 1;
  const say = (content: string, calls: readonly Call[]): AssistantMessage => {
    const toolCalls = calls.map(ending).map(([name, args], index): ToolCall => {
      return { id: `solver-${turn}-${index + 1}`, name, arguments: JSON.stringify(args) };
    });
    return { role: 'assistant', content, toolCalls };
  };
  const role = playRole(request);
  if (role) return say(role.text, [role.call]);
  const known = readConversation(messages);
  if (known.report === null || known.paths === null) {
    if (turn > 3)
      return say('', [['give_up', { explanation: 'The tests could not be run or the files not be listed.' }]]);
    const list: Call = ['list_files', {}];
    return known.report === null
      ? say('First I run the tests and look at what there is.', [['run_tests', {}], list])
      : say('The tests were run already: I look at what there is.', [list]);
  }
  const undo = undoing(known);
  if (known.report.passed && undo.length === 0) return say('', [['finish', { summary: explainSuccess(known) }]]);
  const reading = filesToRead(known);
  if (reading.length > 0)
    return say(
      readingText(known),
      reading.map((args): Call => ['read_file', { ...args }]),
    );
  return pursue({ known, undo, share: readShare(messages) }, say);
}

function pursue(
  { known, undo, share }: { known: Knowledge; undo: readonly Call[]; share: Share },
  say: (text: string, calls: readonly Call[]) => AssistantMessage,
): AssistantMessage {
  const { report, paths } = known;
  if (report === null || paths === null) throw new Error('The tests were not run yet.');
  const isEditable = (path: string) => paths.get(path) === true;
  const all = findCandidates({ texts: known.base, isEditable, report });
  const candidates = all.filter((_, index) => index % share.of === share.number - 1);
  const open = candidates.filter(({ path, after }) => !known.tried.has(stateKey(path, after)));
  const next = known.trials < TRIALS ? open.find(isSound) : undefined;
  if (!next) return say('', [...undo, ['give_up', { explanation: explainDefeat(known, open.length) }]]);
  const edit: Call = ['edit_file', { path: next.path, edits: [editBetween(next.before, next.after)] }];
  return say(trialText(known, next), [...undo, edit, ['run_tests', {}]]);
}

/** Takes back the last trial where it did not help. */
function undoing({ base, texts }: Knowledge): Call[] {
  return changedPaths(base, texts).map((path) => {
    const edits = [editBetween(texts.get(path) ?? '', base.get(path) ?? '')];
    return ['edit_file', { path, edits }];
  });
}

function readingText({ report }: Knowledge): string {
  const [first] = report?.failures ?? [];
  return first
    ? `${report?.failedCount} failing, the first is "${first.name}". I read the code it reaches.`
    : 'I read the code.';
}

function trialText({ trials, improvements }: Knowledge, { path, line, label }: Candidate): string {
  const kept = improvements > 0 && trials > 0 ? ` (${improvements} kept so far)` : '';
  return `Trial ${trials + 1}${kept}: ${path}:${line}, ${label}.`;
}
