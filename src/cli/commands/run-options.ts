/** Options of the commands that run the agent. */
import { Command } from 'commander';
import { CODE_CHECKS, type CodeCheck } from '../../agent/checks/check-command.ts';
import { DEFAULT_MODE, MODES, type Mode } from '../../agent/policy/modes.ts';
import type { Limits } from '../../session/values.ts';
import type { OpenPage } from '../browser/command-page.ts';
import type { AgentRequest } from '../page-api.ts';
import { collect, parseCount, parsePositive, UsageError } from './arguments.ts';
import { addModelOptions, type ModelOptions, modelRequest } from './model-options.ts';

export interface RunOptions extends ModelOptions {
  planner?: string;
  executor?: string;
  reviewer?: string;
  candidates?: string;
  mode: string;
  limit: string[];
  goal?: string;
  checks?: string;
  require?: string;
  target: string[];
  known: string[];
}

/** What is to be run. `task`: its pack, or a name of the gallery. */
export interface RunSubject {
  readonly task: AgentRequest['task'];
  readonly model: string;
  readonly strategy: string;
}

const LIMITS: readonly (keyof Limits)[] = [
  'steps',
  'attempts',
  'seconds',
  'tokens',
  'cost',
  'output',
  'commandSeconds',
  'testSeconds',
];

export function addRunOptions(command: Command): Command {
  const withRun = command
    .option('--planner <model>', "the model that plans; the run's own where it is not given")
    .option('--executor <model>', "the model that does a plan's steps; the run's own where it is not given")
    .option('--reviewer <model>', "the model that reviews; the run's own where it is not given")
    .option(
      '--mode <mode>',
      `what a person is asked: ${MODES.join(', ')}; nobody is there, so what would be asked gets its default`,
      DEFAULT_MODE,
    )
    .option('--candidates <n>', 'how many candidates are made at once')
    .option('--limit <K=V>', `a limit: ${LIMITS.join(', ')} (repeatable)`, collect, [])
    .option('--goal <text>', 'what is to be done, for a folder without task.json')
    .option('--checks <names>', 'also run lint, types or lint,types on the result, as information')
    .option('--require <names>', 'likewise, and what is new must pass; tests: all tests, also those that failed before')
    .option('--target <test>', 'a test that must pass; others that failed before need not (repeatable)', collect, [])
    .option('--known <test>', 'a test that is known to fail and need not pass (repeatable)', collect, []);
  return addModelOptions(withRun);
}

/** Those options that are of a run: all that decides how it goes beside its task, model and strategy. */
export function runOptionsOf(options: RunOptions): Readonly<Record<string, unknown>> {
  const names = new Set(addRunOptions(new Command()).options.map((option) => option.attributeName()));
  return Object.fromEntries(Object.entries(options).filter(([name]) => names.has(name)));
}

/** Throws UsageError for an option that is wrong. */
export async function agentRequest(open: OpenPage, subject: RunSubject, options: RunOptions): Promise<AgentRequest> {
  return {
    task: subject.task,
    goal: options.goal ?? null,
    model: await modelRequest(subject.model, options, open),
    models: await roleRequests(options, open),
    strategy: subject.strategy,
    mode: parseMode(options.mode),
    candidates: options.candidates === undefined ? null : parseCount('--candidates', options.candidates),
    limits: parseLimits(options.limit),
    checks: parseChecks(options),
    target: options.target,
    known: options.known,
  };
}

async function roleRequests(options: RunOptions, open: OpenPage): Promise<AgentRequest['models']> {
  const { planner, executor, reviewer } = options;
  return {
    ...(planner === undefined ? {} : { planner: await modelRequest(planner, options, open) }),
    ...(executor === undefined ? {} : { executor: await modelRequest(executor, options, open) }),
    ...(reviewer === undefined ? {} : { reviewer: await modelRequest(reviewer, options, open) }),
  };
}

function parseMode(text: string): Mode {
  const mode = MODES.find((candidate) => candidate === text);
  if (!mode) throw new UsageError(`--mode ${text}: use ${MODES.join(', ')}`);
  return mode;
}

export function parseLimits(texts: readonly string[]): Partial<Limits> {
  return Object.fromEntries(texts.map(parseLimit));
}

function parseLimit(text: string): [keyof Limits, number] {
  const [name, value] = text.split('=', 2);
  const limit = LIMITS.find((candidate) => candidate === name);
  if (!limit || value === undefined)
    throw new UsageError(`--limit ${text}: write it as K=V with K one of ${LIMITS.join(', ')}`);
  return [limit, parsePositive(`--limit ${limit}`, value)];
}

export function parseChecks({ checks, require = '' }: Pick<RunOptions, 'checks' | 'require'>): AgentRequest['checks'] {
  const required = require.split(',').map((name) => name.trim());
  const code = required.filter((name) => name !== ALL_TESTS).join(',');
  return {
    run: checkNames('--checks', checks),
    require: checkNames('--require', code),
    allTests: required.includes(ALL_TESTS),
  };
}

/** Beside the checks of the code. */
const ALL_TESTS = 'tests';

function checkNames(option: string, text = ''): readonly CodeCheck[] {
  return text
    .split(',')
    .filter((name) => name.trim() !== '')
    .map((name) => {
      const check = CODE_CHECKS.find((one) => one === name.trim());
      if (!check) throw new UsageError(`${option}: "${name}" is no check: use ${CODE_CHECKS.join(', ')}`);
      return check;
    });
}
