import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { fixpoint, makeFolder } from './support/command.ts';

const taskFiles = (name: string, source: string, check: string) => ({
  [`${name}/task.json`]: JSON.stringify({ title: name, goal: 'Make the tests pass.', protected: ['test/**'] }),
  [`${name}/files/package.json`]: JSON.stringify({ name, type: 'module', scripts: { test: 'node --test' } }),
  [`${name}/files/src/${name}.js`]: source,
  [`${name}/files/test/${name}.test.js`]: `import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { ${name} } from '../src/${name}.js';\n${check}`,
});

test('eval: two tasks by the solver with two strategies, in two shards that are merged; what is finished is not run again', async ({
  page,
}) => {
  await using tasks = await makeFolder({
    ...taskFiles(
      'area',
      'export function area(width, height) {\n  return width + height;\n}\n',
      "test('of a square', () => assert.equal(area(3, 3), 9));\ntest('of a line', () => assert.equal(area(5, 0), 0));\n",
    ),
    ...taskFiles(
      'largest',
      'export function largest(a, b) {\n  return a < b ? a : b;\n}\n',
      "test('of two', () => assert.equal(largest(1, 2), 2));\ntest('the other way', () => assert.equal(largest(2, 1), 2));\n",
    ),
    // What visible tests accept, and the held-out ones do not.
    'area/hidden/test/hidden.test.js':
      "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\ntest('never', () => assert.fail('no'));\n",
  });
  await using out = await makeFolder({});
  const at = (name: string) => join(out.path, name);
  const run = (shard: string) =>
    fixpoint(
      'eval --models solver --strategies loop,tree'
        .split(' ')
        .concat('--tasks', tasks.path, '--shard', `${shard}/2`, '--out', at(shard)),
    );
  for (const shard of ['1', '2']) {
    const { exitCode, stderr } = await run(shard);
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain('2/2 ');
  }
  expect((await run('1')).stderr).toBe('2 of 2 runs are finished already.\n');

  const merged = await fixpoint(['eval', '--merge', at('1'), at('2'), '--out', at('all')]);
  expect(merged.exitCode, merged.stderr).toBe(0);
  expect(merged.stdout).toMatch(/^model +strategy +success.*claimed.*\nsolver +loop +50 %.*\nsolver +tree +50 %.*\n$/);
  const { format, rows } = JSON.parse(await readFile(at('all/results.json'), 'utf8'));
  expect(format).toBe('fixpoint-eval/1');
  const figures = rows.map(({ task, strategy, solved, hidden, success, error }: Record<string, unknown>) =>
    [task, strategy, solved, hidden, success, error].join(' '),
  );
  expect(figures).toEqual([
    'area loop true false false ',
    'area tree true false false ',
    'largest loop true  true ',
    'largest tree true  true ',
  ]);
  for (const { session } of rows) expect(await readFile(join(at('all'), session), 'utf8')).toContain('"run-finished"');
  expect((await readFile(at('all/results.csv'), 'utf8')).trim().split('\r\n')).toHaveLength(5);

  await page.goto(`file://${at('all/results.html')}`);
  const runs = page.locator('#runs tbody tr');
  await expect(runs).toHaveCount(4);
  await expect(runs.filter({ hasText: 'passes the visible tests, fails the held-out ones' })).toHaveCount(2);
  await page.locator('#runs').getByRole('button', { name: 'Task' }).click();
  await page.locator('#runs').getByRole('button', { name: 'Task' }).click();
  await expect(runs.first()).toContainText('largest');
  await page.getByRole('searchbox', { name: 'Show runs with these words' }).fill('area tree');
  await expect(runs.filter({ visible: true })).toHaveCount(1);
});
