import { describe, expect, test } from 'vitest';
import type { SessionEvent } from '../../session/events.ts';
import type { Answer, Ask, Person } from '../person.ts';
import { type RunSetup, runScript, SUM_FILES } from '../run.test-support.ts';

const give_up = ['give_up', { explanation: 'x' }] as const;
const command = (line: string) => ['run_command', { command: line }] as const;
const write = (path: string, content: string) => ['write_file', { path, content }] as const;

/** Runs these calls; gives what was decided and what the model was told. */
async function run(calls: readonly (readonly [string, unknown])[], setup: RunSetup = {}) {
  const ran = await runScript([{ calls: [...calls, give_up] }], setup);
  return { ...ran, decided: ran.events.flatMap(decision) };
}

function decision(event: SessionEvent): string[] {
  if (event.type === 'permission-asked') return [`asked ${event.what}`];
  return event.type === 'permission-decided' ? [`${event.decision} by ${event.by}: ${event.what}`] : [];
}

function personWho(answer: (ask: Ask) => Answer): Person & { asks: Ask[] } {
  const asks: Ask[] = [];
  return {
    asks,
    approve: async (ask) => {
      asks.push(ask);
      return answer(ask);
    },
    answer: async () => '',
  };
}

describe('with nobody there', () => {
  test('what a rule forbids is not done, and said', async () => {
    const { decided, results, sandbox: box } = await run([command('ls; rm -rf test')]);
    expect(decided).toEqual(['denied by rule: ls; rm -rf test']);
    expect(results[0]).toContain('Not allowed: ls; rm -rf test\n"test" is protected');
    expect((await box.snapshot()).files['test/sum.test.js']).toBeDefined();
  });

  test('network, packages and what cannot be read are denied, the rest is allowed and logged', async () => {
    const { decided } = await run([
      command('git push'),
      command('npm install left-pad'),
      command('$X y'),
      command('frobnicate'),
      command('ls'),
    ]);
    expect(decided).toEqual([
      'denied by default: git push',
      'denied by default: npm install left-pad',
      'denied by default: $X y',
      'allowed by default: frobnicate',
    ]);
  });

  test('the rules of the task count', async () => {
    const task = { commands: { allow: ['frob *'], deny: ['ls *'] } };
    const { decided } = await run([command('frob x'), command('cat package.json && ls')], { task });
    expect(decided).toEqual(['denied by rule: cat package.json && ls']);
  });

  test('code that tampers with its judge is not written; other risks are noted', async () => {
    const { decided, results, events } = await run([
      write('src/sum.js', 'process.exit(0);\n'),
      write('src/sum.js', "require('assert').equal = () => {};\n"),
      write('src/sum.js', 'if (process.env.NODE_TEST_CONTEXT) module.exports = 3;\n'),
      write('src/sum.js', "exports.sum = (a, b) => eval('a + b');\n"),
    ]);
    expect(decided.map((each) => each.split(':')[0])).toEqual([
      'denied by rule',
      'denied by rule',
      'denied by rule',
      'allowed by default',
    ]);
    expect(results[0]).toContain('src/sum.js:1 forces the exit code: process.exit(0);');
    expect(results[3]).toContain('Noted as a risk: src/sum.js:1 evaluates text as code');
    expect(events.filter(({ type }) => type === 'risk-found')).toHaveLength(4);
  });

  test('what was there before is not new', async () => {
    const files = { ...SUM_FILES, 'src/cli.js': 'let a = 1;\nprocess.reallyExit(3);\n' };
    const { decided } = await run([write('src/cli.js', '// better\nlet a = 2;\nprocess.reallyExit(3);\n')], { files });
    expect(decided).toEqual([]);
  });

  test('package.json: scripts stay, packages need a known licence', async () => {
    const scripts = JSON.parse(String(SUM_FILES['package.json'])) as object;
    const changed = (more: object) => write('package.json', JSON.stringify({ ...scripts, ...more }));
    const { decided, results } = await run([
      changed({ scripts: { test: 'true' } }),
      changed({ dependencies: { 'left-pad': '^1.0.0' } }),
      changed({ dependencies: { 'left-pad': 'file:../x' } }),
      changed({ description: 'A sum' }),
    ]);
    expect(results[0]).toContain('"scripts" may not be changed');
    expect(results[1]).toContain('left-pad, whose licence is unknown (it is not installed)');
    expect(results[2]).toContain('does not come from the registry');
    expect(decided).toEqual([
      'denied by rule: change package.json',
      'denied by default: change package.json',
      'denied by rule: change package.json',
    ]);
    expect(results[3]).toContain('package.json changed');
  });
});

describe('with a person', () => {
  test('risky things are asked, with all that would happen; "session" is remembered', async () => {
    const person = personWho(() => ({ decision: 'session' }));
    const calls = [command('frob a | frob b'), command('frob b'), command('frob c'), command('ls')];
    const { decided } = await run(calls, { mode: 'confirm-risky', person });
    expect(person.asks.map(({ what }) => what)).toEqual(['frob a | frob b', 'frob c']);
    expect(person.asks[0]).toMatchObject({ commands: ['frob a', 'frob b'], patterns: ['frob a', 'frob b'] });
    expect(decided).toEqual([
      'asked frob a | frob b',
      'allowed by person: frob a | frob b',
      'asked frob c',
      'allowed by person: frob c',
    ]);
  });

  test('a no has its reason', async () => {
    const person = personWho(() => ({ decision: 'no', reason: 'Use fetch of Node.' }));
    const { results, decided } = await run([command('curl https://example.org')], { mode: 'confirm-risky', person });
    expect(results[0]).toContain('The person said no: Use fetch of Node.');
    expect(decided.at(-1)).toBe('denied by person: curl https://example.org');
  });

  test('each step is asked, with the change that it makes', async () => {
    const person = personWho(() => ({ decision: 'once' }));
    const calls = [write('src/x.js', '1'), command('ls'), ['run_tests', {}] as const];
    const { decided } = await run(calls, { mode: 'confirm-each', person });
    expect(decided.filter((each) => each.startsWith('asked'))).toEqual([
      'asked change src/x.js',
      'asked ls',
      'asked node test/sum.test.js',
    ]);
    expect(person.asks[0]?.changes).toEqual([{ path: 'src/x.js', before: null, after: '1' }]);
  });

  test('a stop ends the wait, and the clock stands still meanwhile', async () => {
    const stop = new AbortController();
    const person: Person = {
      approve: () => {
        stop.abort();
        return new Promise(() => undefined);
      },
      answer: async () => '',
    };
    const { outcome } = await run([command('frob')], { mode: 'confirm-risky', person, signal: stop.signal });
    expect(outcome.kind).toBe('stopped');
  });
});
