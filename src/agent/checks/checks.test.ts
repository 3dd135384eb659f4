import { afterEach, describe, expect, it } from 'vitest';
import { createScriptedModel, type ScriptedReply } from '../../model/scripted.ts';
import type { SessionEvent } from '../../session/events.ts';
import type { Files } from '../../session/files.ts';
import { parseSessionFile } from '../../session/format/parse-session.ts';
import { createLog } from '../../session/log.ts';
import { startSession } from '../../session/start-session.ts';
import { foldEvents } from '../../session/state/reducer.ts';
import type { TaskChecks } from '../../task/task.ts';
import { DEFAULT_LIMITS } from '../limits/limits.ts';
import { NativeSandbox } from '../native-sandbox.test-support.ts';
import { replaySession } from '../replay/replay.ts';
import { SUM_TASK } from '../run.test-support.ts';
import { runAgent } from '../run-agent.ts';
import { checkCommand } from './check-command.ts';
import type { ChecksOptions } from './checks.ts';

const tap = (cases: string) =>
  "const { sum } = require('../src/sum.js');\n" +
  `const results = ${cases}.map(([a, b, c]) => sum(a, b) === c);\n` +
  "console.log('1..' + results.length);\n" +
  "for (const ok of results) console.log(ok ? 'ok - adds' : 'not ok - adds');\n" +
  'process.exitCode = results.every(Boolean) ? 0 : 1;\n';
const FILES: Files = {
  'package.json': '{"scripts":{"test":"node --test"}}',
  // A linter of three lines: TODO is a problem, and one is there at the start.
  'lint.js':
    "const lines = require('fs').readFileSync('src/sum.js', 'utf8').split('\\n');\n" +
    "const bad = lines.flatMap((line, at) => (line.includes('TODO') ? ['src/sum.js:' + (at + 1) + ':1: ' + line] : []));\n" +
    "console.log(bad.join('\\n')); process.exitCode = bad.length > 0 ? 1 : 0;\n" +
    "require('fs').writeFileSync('lint-cache', 'x');\n",
  'src/sum.js': '// TODO old\nexports.sum = (a, b) => a - b;\n',
  'test/sum.test.js': tap('[[1, 2, 3], [2, 2, 4]]'),
};
const HIDDEN: Files = { 'test/sum.test.js': tap('[[1, 2, 3], [7, 5, 12]]'), 'held/secret.txt': 'held out' };
const LINT = { lint: 'node lint.js' };

const edit = (replace: string) => ['edit_file', { path: 'src/sum.js', edits: [{ find: 'a - b', replace }] }] as const;
const write = (content: string) => ['write_file', { path: 'src/sum.js', content }] as const;
const finish = ['finish', { summary: 'done' }] as const;
const look = ['run_command', { command: 'cat test/sum.test.js; ls held' }] as const;
const CHEAT = '({ "1,2": 3, "2,2": 4 })[[a, b].join()]';

let sandbox: NativeSandbox | null = null;
afterEach(() => sandbox?.dispose());

interface Setup {
  readonly checks: ChecksOptions;
  readonly commands?: TaskChecks;
  readonly steps?: number;
  /** The person stops when a command prints this. */
  readonly stop?: { readonly controller: AbortController; readonly at: string };
}

async function run(script: readonly ScriptedReply[], { checks, commands, steps, stop }: Setup) {
  const task = { ...SUM_TASK, ...(commands ? { checks: commands } : {}) };
  sandbox = await NativeSandbox.create(FILES);
  const log = createLog({ now: () => 0 });
  startSession(log, { ...task, files: FILES, ...(checks.hidden ? { hidden: checks.hidden } : {}) });
  const model = createScriptedModel(script);
  const outcome = await runAgent({
    task,
    log,
    state: foldEvents('s', log.events),
    sandbox,
    model,
    strategy: 'loop',
    limits: { ...DEFAULT_LIMITS, ...(steps === undefined ? {} : { steps }) },
    signal: stop?.controller.signal ?? new AbortController().signal,
    onOutput: (text) => stop && text.includes(stop.at) && stop.controller.abort(new Error('Stopped.')),
    checks,
  });
  const file = parseSessionFile({ format: 'fixpoint-session/1', id: 's', events: log.events });
  return { outcome, file, model, files: (await sandbox.snapshot()).files };
}

const checksOf = (events: readonly SessionEvent[]) =>
  events.flatMap((event) =>
    event.type === 'check-finished' ? [[event.check, event.attempt, event.passed, event.problems?.added ?? null]] : [],
  );

async function replay(file: Parameters<typeof replaySession>[0]) {
  const fresh = await NativeSandbox.create();
  try {
    return await replaySession(file, fresh, { signal: new AbortController().signal });
  } finally {
    fresh.dispose();
  }
}

describe('held-out tests', () => {
  it('find out what was made for the visible tests alone, and were nowhere before', async () => {
    const { outcome, file, model, files } = await run([{ calls: [look, edit(CHEAT)] }, { calls: [finish] }], {
      checks: { hidden: HIDDEN },
    });
    expect(outcome.kind).toBe('solved');
    expect(outcome.explanation).toMatch(
      /^done\n\nIt passes the visible tests and fails the held-out ones: 1 failed, 1/,
    );
    const last = file.events.at(-2);
    expect(last).toMatchObject({ type: 'check-finished', check: 'hidden', attempt: '1', passed: false, files: HIDDEN });
    expect(JSON.stringify([model.requests, file.events.slice(0, -2)])).not.toMatch(/7, 5, 12|secret\.txt/);
    expect(files).toEqual({ ...FILES, 'src/sum.js': `// TODO old\nexports.sum = (a, b) => ${CHEAT};\n` });
    const state = foldEvents('s', file.events);
    expect(state.attempts['1']?.checks).toMatchObject([{ check: 'hidden', passed: false }]);
  });

  it('are run again by a replay, which agrees, and sees when they come out otherwise', async () => {
    const { outcome, file } = await run([{ calls: [edit('a + b')] }, { calls: [finish] }], {
      checks: { hidden: HIDDEN },
    });
    expect(outcome.explanation).toContain('The held-out tests pass, too: 0 failed, 2 passed');
    const report = await replay(file);
    expect(report).toMatchObject({ agrees: true });
    expect(report.steps.at(-1)).toMatchObject({ action: 'held-out tests on attempt 1 (node test/sum.test.js)' });
    expect(report.steps.at(-1)?.agreed.slice(1)).toEqual(['exit code 0', 'tests 2 passed, 0 failed, 0 skipped']);
    const events = file.events.map((event) =>
      event.type === 'check-finished' ? { ...event, files: { 'src/sum.js': 'exports.sum = () => 0;\n' } } : event,
    );
    const other = await replay({ ...file, events });
    expect(other.steps.at(-1)?.differences).toHaveLength(3);
  });

  it('have a command of their own where the task names one, and are run on the best attempt of a run that gave up', async () => {
    const { outcome, file } = await run([{ calls: [edit('a * b')] }, { calls: [['give_up', { reason: 'no idea' }]] }], {
      checks: { hidden: { 'hidden.sh': 'test -f src/sum.js' } },
      commands: { hidden: 'sh hidden.sh' },
    });
    expect(outcome.kind).toBe('gave-up');
    // The attempt was not tested, so the best is the start: it is not worth a check.
    expect(checksOf(file.events)).toEqual([]);
    const tested = await run(
      [{ calls: [edit('a * b'), ['run_tests', {}]] }, { calls: [['give_up', { reason: 'no idea' }]] }],
      { checks: { hidden: { 'hidden.sh': 'test -f src/sum.js' } }, commands: { hidden: 'sh hidden.sh' } },
    );
    expect(checksOf(tested.file.events)).toEqual([['hidden', '1', true, null]]);
  });
});

describe('a check that cannot be made', () => {
  it('leaves the run its outcome, and no held-out file behind', async () => {
    const stop = new AbortController();
    const { outcome, file, files } = await run([{ calls: [edit('a + b')] }, { calls: [finish] }], {
      checks: { hidden: { ...HIDDEN, 'stop.sh': 'echo now; sleep 60' } },
      commands: { hidden: 'sh stop.sh' },
      stop: { controller: stop, at: 'now' },
    });
    expect(outcome).toEqual({ kind: 'solved', explanation: 'done\n\nThe held-out tests were stopped.' });
    expect(checksOf(file.events)).toEqual([]);
    expect(Object.keys(files).sort()).toEqual(Object.keys(FILES).sort());
    expect(file.events.at(-1)).toMatchObject({ type: 'run-finished', outcome: { kind: 'solved' } });
  });
});

describe('lint and types', () => {
  const MORE = '// TODO old\n// TODO new\nexports.sum = (a, b) => a + b;\n';

  it('count only what is new, and inform', async () => {
    const { outcome, file, files } = await run([{ calls: [write(`// moved\n${MORE}`)] }, { calls: [finish] }], {
      checks: { run: ['lint', 'types'] },
      commands: LINT,
    });
    expect(outcome.kind).toBe('solved');
    expect(outcome.explanation).toBe('done\n\nThe linter finds 1 new problem (node lint.js, exit code 1).');
    expect(checksOf(file.events)).toEqual([
      ['lint', '0', true, []],
      ['lint', '1', false, ['src/sum.js:3:1 // TODO new']],
    ]);
    expect(Object.keys(files)).not.toContain('lint-cache');
    expect(await replay(file)).toMatchObject({ agrees: true });
  });

  it('that are required send the model back, and end the run when they pass', async () => {
    const { outcome, file } = await run(
      [{ calls: [write(MORE), finish] }, { calls: [write('exports.sum = (a, b) => a + b;\n'), finish] }],
      { checks: { require: ['lint'] }, commands: LINT },
    );
    expect(outcome).toEqual({ kind: 'solved', explanation: 'done' });
    const refused = file.events.find((event) => event.type === 'tool-finished' && !event.ok);
    expect(refused).toMatchObject({
      result:
        'Not finished: the tests pass, but the linter finds 1 new problem (node lint.js, exit code 1).\n- src/sum.js:2:1 // TODO new',
    });
    expect(checksOf(file.events).map(([check, attempt, passed]) => [check, attempt, passed])).toEqual([
      ['lint', '0', true],
      ['lint', '1', false],
      ['lint', '2', true],
    ]);
  });

  it('that are required are not met by green tests at a limit', async () => {
    const { outcome } = await run([{ calls: [write(MORE), ['run_tests', {}]] }], {
      checks: { require: ['lint'] },
      commands: LINT,
      steps: 1,
    });
    expect(outcome.kind).toBe('limit-reached');
  });

  it('say nothing where their program is missing', async () => {
    const { outcome, file } = await run([{ calls: [edit('a + b')] }, { calls: [finish] }], {
      checks: { require: ['lint'] },
      commands: { lint: 'no-such-linter .' },
    });
    expect(outcome).toEqual({ kind: 'solved', explanation: 'done' });
    expect(checksOf(file.events)).toEqual([['lint', '0', true, null]]);
  });

  it('are found in the scripts of package.json when the task is silent', () => {
    const files = { 'package.json': '{"scripts":{"lint":"eslint .","tsc":"tsc","types":"tsc -p ."}}' };
    expect(checkCommand({}, files, 'lint')).toBe('npm run lint');
    expect(checkCommand({}, files, 'types')).toBe('npm run types');
    expect(checkCommand({ checks: { types: 'tsc -b' } }, files, 'types')).toBe('tsc -b');
    expect(checkCommand({}, { 'package.json': 'no json' }, 'lint')).toBeNull();
  });
});
