/** What the solver does where it is not the one who repairs: it knows its role by the tools that it is given. */
import type { ModelRequest } from '../model.ts';

type Call = readonly [name: string, args: Record<string, unknown>];

/** Of a change that it approves: its own repairs are of a few. */
const MOST_LINES = 60;

const has = ({ tools }: ModelRequest, name: string) => tools.some((tool) => tool.name === name);

/** The call of a planner or a reviewer; null for whoever repairs. */
export function playRole(request: ModelRequest): { text: string; call: Call } | null {
  if (has(request, 'make_plan')) return planOnce(request);
  if (has(request, 'give_review')) return reviewByRule(request);
  return null;
}

/** Who does a step of a plan ends the step, not the run. */
export function endingFor(request: ModelRequest): (call: Call) => Call {
  if (!has(request, 'step_done')) return (call) => call;
  return ([name, args]) => {
    if (name === 'finish') return ['step_done', { summary: args.summary }];
    if (name === 'give_up') return ['step_failed', { reason: args.explanation }];
    return [name, args];
  };
}

function planOnce({ messages }: ModelRequest): { text: string; call: Call } {
  const explanation = 'The solver has one plan only, to try small repairs, and it did not lead to the goal.';
  if (messages.some(({ role }) => role === 'assistant'))
    return { text: explanation, call: ['give_up', { explanation }] };
  const steps = [
    'Run the tests, read the code that the failing ones reach, and try small repairs; keep what makes more tests pass.',
  ];
  return { text: 'I know one way of working, so the plan has one step.', call: ['make_plan', { steps }] };
}

/** It understands no code: it approves what is small, and says so. */
function reviewByRule({ messages }: ModelRequest): { text: string; call: Call } {
  const asked = messages.find(({ role }) => role === 'user')?.content ?? '';
  const diff = /^The change, [^\n]*:\n([\s\S]*?)\n\nThe tests \(/m.exec(asked)?.[1] ?? '';
  const lines = diff.split('\n').filter((line) => /^[+-](?![+-]{2} )/.test(line)).length;
  const approved = lines > 0 && lines <= MOST_LINES;
  const rule = `The solver judges by size alone: ${lines} changed lines, of ${MOST_LINES} at most, and one at least.`;
  return { text: rule, call: ['give_review', { approved, comments: rule }] };
}
