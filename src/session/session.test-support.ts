/** A small session, event by event, for tests: two attempts, a rollback, a second run that solves the task. */

import { applyChanges } from './apply-changes.ts';
import type { NewEvent, SessionEvent, SessionFile } from './events.ts';
import type { FileChange, Files } from './files.ts';
import { createLog } from './log.ts';
import { hashTree } from './tree.ts';
import type { Spent, Verdict } from './values.ts';

export const startFiles: Files = {
  'package.json': '{ "scripts": { "test": "node --test" } }\n',
  'src/add.js': 'export const add = (a, b) => a - b;\n',
  'test/add.test.js': 'assert.equal(add(1, 2), 3);\n',
};

const hiddenFiles: Files = { 'test/hidden.test.js': 'assert.equal(add(-1, -2), -3);\n' };

const change = (operator: string): FileChange[] => [
  { path: 'src/add.js', content: `export const add = (a, b) => a ${operator} b;\n` },
];

export function verdictOf(results: Readonly<Record<string, 'passed' | 'failed'>>): Verdict {
  const tests = Object.entries(results).map(([name, status]) => ({ name: ['add', name], status }));
  const failed = tests.filter((test) => test.status === 'failed').length;
  return {
    exitCode: failed > 0 ? 1 : 0,
    passed: failed === 0,
    format: 'spec',
    counts: { passed: tests.length - failed, failed, skipped: 0 },
    tests,
  };
}

const spent = (steps: number, attempts: number): Spent => ({
  steps,
  attempts,
  milliseconds: steps * 100,
  inputTokens: steps * 10,
  outputTokens: steps,
  cost: 0,
});

interface Try {
  readonly run: string;
  readonly step: number;
  readonly operator: string;
  readonly parent: string;
  readonly attempt: string;
  readonly verdict: Verdict;
}

/** One step: an edit call and a verification call. */
function tryOperator({ run, step, operator, parent, attempt, verdict }: Try): NewEvent[] {
  const changes = change(operator);
  const tree = hashTree(applyChanges(startFiles, changes));
  const [edit, verify] = [`edit-${step}`, `verify-${step}`];
  return [
    { type: 'step-started', run, step },
    {
      type: 'model-replied',
      run,
      step,
      text: `Try ${operator}`,
      calls: [
        { id: edit, name: 'edit', arguments: '{}' },
        { id: verify, name: 'verify', arguments: '{}' },
      ],
      inputTokens: 10,
      outputTokens: 1,
      cost: 0,
      milliseconds: 5,
    },
    { type: 'tool-called', run, step, call: edit, tool: 'edit', phase: 'edit' },
    { type: 'files-changed', run, call: edit, changes, tree },
    { type: 'tool-finished', run, step, call: edit, ok: true, result: 'Edited.', milliseconds: 1 },
    { type: 'tool-called', run, step, call: verify, tool: 'verify', phase: 'verify' },
    { type: 'attempt-made', run, attempt, parent, tree, changes },
    {
      type: 'command-finished',
      run,
      call: verify,
      command: 'npm test',
      exitCode: verdict.exitCode,
      ended: 'exited',
      output: `pass ${verdict.counts?.passed}\nfail ${verdict.counts?.failed}\n`,
      milliseconds: 50,
      tree,
      changes: [],
    },
    { type: 'verdict-reached', run, attempt, verdict, spent: spent(step, step) },
    { type: 'tool-finished', run, step, call: verify, ok: verdict.passed, result: 'Ran.', milliseconds: 51 },
  ];
}

const runStarted = (run: string, from: string): NewEvent => ({
  type: 'run-started',
  run,
  model: 'solver',
  strategy: 'direct',
  limits: { steps: 10, attempts: 5, seconds: 60, tokens: 1000, cost: 1 },
  from,
});

export const newEvents: readonly NewEvent[] = [
  {
    type: 'session-started',
    task: {
      name: 'add',
      title: 'Addition',
      goal: 'Make add add.',
      test: 'npm test',
      level: 'starter',
      editable: [],
      protected: ['test/**'],
      hints: [],
    },
    files: startFiles,
    tree: hashTree(startFiles),
    attempt: '0',
  },
  runStarted('r1', '0'),
  ...tryOperator({
    run: 'r1',
    step: 1,
    operator: '*',
    parent: '0',
    attempt: '1',
    verdict: verdictOf({ 'adds zero': 'failed', 'adds numbers': 'failed', 'is a function': 'passed' }),
  }),
  {
    type: 'run-finished',
    run: 'r1',
    outcome: { kind: 'gave-up', explanation: 'No idea.' },
    best: '1',
    spent: spent(1, 1),
  },
  { type: 'head-moved', attempt: '0', tree: hashTree(startFiles), written: 1, removed: 0, milliseconds: 3 },
  runStarted('r2', '1'),
  ...tryOperator({
    run: 'r2',
    step: 1,
    operator: '+',
    parent: '1',
    attempt: '2',
    verdict: verdictOf({ 'adds zero': 'passed', 'adds numbers': 'passed', 'is a function': 'passed' }),
  }),
  {
    type: 'check-finished',
    run: 'r2',
    attempt: '2',
    check: 'hidden',
    command: 'npm test',
    exitCode: 1,
    ended: 'exited',
    output: 'fail 1\n',
    milliseconds: 40,
    passed: false,
    verdict: verdictOf({ 'adds negative numbers': 'failed' }),
    files: hiddenFiles,
    tree: hashTree({ ...applyChanges(startFiles, change('+')), ...hiddenFiles }),
  },
  {
    type: 'run-finished',
    run: 'r2',
    outcome: { kind: 'solved', explanation: 'All tests pass.' },
    best: '2',
    spent: spent(1, 1),
  },
];

export function sampleEvents(): readonly SessionEvent[] {
  let time = 1_700_000_000_000;
  const log = createLog({
    now: () => {
      time += 10;
      return time;
    },
  });
  for (const event of newEvents) log.append(event);
  return log.events;
}

export function sampleSession(): SessionFile {
  return { format: 'fixpoint-session/1', id: 'sample', events: sampleEvents() };
}
