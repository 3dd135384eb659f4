import { afterEach, describe, expect, test } from 'vitest';
import { NativeSandbox } from '../../native-sandbox.test-support.ts';
import { type RunSetup, replayDifferences, runScript, SUM_FILES } from '../../run.test-support.ts';
import { maskEnvFile } from './env-files.ts';
import { createRedactor } from './redact.ts';

const SECRET = 'q8Zx3Rt7Lm2Vb9Kp4';
const ENV = `# old: ${SECRET}old\nAPI_KEY="${SECRET}"\nPORT=3000\nexport DB=postgres://bob:hunter22@db.example.org/x # main\nEMPTY=\n`;

let sandbox: NativeSandbox | null = null;
afterEach(() => sandbox?.dispose());

const give_up = ['give_up', { explanation: 'x' }] as const;
const command = (line: string) => ['run_command', { command: line }] as const;

/** Runs these commands in a project with a `.env`. */
async function run(lines: readonly string[], setup: RunSetup = {}) {
  const box = await NativeSandbox.create(SUM_FILES);
  sandbox = box;
  await box.write([{ path: '.env', content: ENV }]);
  const ran = await runScript([{ calls: [...lines.map(command), give_up] }], { ...setup, sandbox: box });
  return { ...ran, box };
}

describe('masks', () => {
  test('keep names and what nobody guards; comments go', () => {
    expect(maskEnvFile(ENV)).toEqual({
      content: 'API_KEY=masked-api-key\nPORT=3000\nexport DB=postgres://masked-db.invalid\nEMPTY=\n',
      values: [
        SECRET,
        SECRET,
        'postgres://bob:hunter22@db.example.org/x',
        'postgres://bob:hunter22@db.example.org/x',
        'hunter22',
      ],
    });
  });

  test('values over several lines', () => {
    const { content, values } = maskEnvFile("KEY='-----BEGIN\nabcdefgh\n-----END'\nB=2\n");
    expect(content).toBe('KEY=masked-key\nB=2\n');
    expect(values).toContain('abcdefgh');
    expect(maskEnvFile("KEY='never closed\nabcdefgh").content).toBe('KEY=masked-key\n');
  });

  test.each([
    'A=1\r\nB=secret99\r\n',
    '\ufeffB=secret99',
    'B: secret99',
    "B='secret99'",
    'B=`secret99`',
    'B=secret99#x',
  ])('%j', (text) => {
    expect(maskEnvFile(text).content).not.toContain('secret99');
  });
});

describe('while a run lasts', () => {
  // None of them can be told from what it reads: the line has no name in it.
  const readers = [
    'node -e "console.log(require(\'fs\').readFileSync(process.argv[1], \'utf8\'))" .en""v',
    'grep -r "" . --include=".*"',
    'tar cf - . | cat',
  ];
  test.each(readers)('no value is to be had: %s', async (line) => {
    const { events, model } = await run([line]);
    const all = JSON.stringify(events) + JSON.stringify(model.requests);
    expect(all).not.toContain(SECRET);
    expect(all).not.toContain('hunter22');
  });

  test('the placeholders are in the log, the real file is back at the end, and replay agrees', async () => {
    const ran = await run(['grep -c masked $(ls -A | grep env)', 'node --env-file=.env -p process.env.PORT']);
    expect(ran.events.find(({ type }) => type === 'secrets-masked')).toMatchObject({
      files: [{ path: '.env', content: expect.stringContaining('API_KEY=masked-api-key') }],
      exposed: false,
    });
    expect(ran.results[0]).toContain('2');
    expect(ran.results[1]).toContain('3000');
    expect(await ran.box.read('.env')).toBe(ENV);
    expect(await replayDifferences(ran)).toEqual([]);
  });

  test('a task that needs them gets them; they are redacted all the same', async () => {
    const ran = await run(
      [
        'node --env-file=.env -p process.env.API_KEY',
        "node --env-file=.env -e \"require('fs').writeFileSync('out.txt', process.env.API_KEY)\"",
      ],
      { task: { secrets: true } },
    );
    expect(ran.results[0]).toContain('‹redacted: .env file›');
    expect(JSON.stringify(ran.events)).not.toContain(SECRET);
    expect(ran.events.find(({ type }) => type === 'changes-undone')).toMatchObject({ undone: [{ path: 'out.txt' }] });
  });

  test('what commands do to such files, and links out of the project, are put back', async () => {
    const name = 'String.fromCharCode(46) + process.argv[1]';
    const ran = await run([
      `node -e "require('fs').writeFileSync(${name}, 'X=1')" env`,
      `node -e "require('fs').writeFileSync(${name}, 'X=1')" env.local`,
      `node -e "require('fs').unlinkSync(${name})" env`,
      `node -e "require('fs').symlinkSync(process.argv[1], 'link')" /et""c`,
      `node -e "require('fs').symlinkSync('../' + ${name}, 'src/link')" env`,
      'ls -A . src',
    ]);
    const undone = ran.events.flatMap((event) =>
      event.type === 'changes-undone' ? event.undone.map(({ path }) => path) : [],
    );
    expect(undone).toEqual(['.env', '.env.local', '.env', 'link', 'src/link']);
    expect(ran.results[5]).not.toContain('link');
    expect(await ran.box.read('.env')).toBe(ENV);
    expect(await replayDifferences(ran)).toEqual([]);
  });
});

describe('redaction', () => {
  test('known values and what looks like a key go, what stands in the project stays', () => {
    const redactor = createRedactor();
    const files = { 'a.js': `const token = '${'ghp_'}${'a1B2'.repeat(9)}'; // public-value` };
    redactor.know('key of the model', ['sk-very-own', 'public-value'], files);
    expect(redactor.redact('x sk-very-own public-value', files)).toBe('x ‹redacted: key of the model› public-value');
    expect(redactor.redact(files['a.js'], files)).toBe(files['a.js']);
    expect(redactor.redact(`${'ghp_'}${'c3D4'.repeat(9)}`, files)).toBe('‹redacted: GitHub token›');
  });
});
