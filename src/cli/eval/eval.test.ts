import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toCsv } from './csv.ts';
import { findTasks } from './find-tasks.ts';
import { renderResults } from './html.ts';
import { parseShard, planCells, takeShard } from './plan.ts';
import { mergeRows, parseResults } from './results.ts';
import { rowWith } from './rows.test-support.ts';
import { mergeFolders, readRows, writeRows, writeTables } from './store.ts';
import { groupByModel, groupByTask } from './summary.ts';
import { wilsonInterval } from './wilson.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fixpoint-eval-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function make(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), '{}');
  }
}

describe('the plan', () => {
  const tasks = ['a', 'b/c', 'b c'].map((name) => ({ name, folder: `/${name}` }));
  const cells = planCells({ tasks, models: ['solver', 'openai:x'], strategies: ['loop', 'tree'], repeat: 2 });

  it('has every run once, each with a name of its own that a file can have', () => {
    expect(cells).toHaveLength(24);
    expect(new Set(cells.map(({ id }) => id)).size).toBe(24);
    for (const { id } of cells) expect(id).toMatch(/^[\w.+-]+$/);
    expect(cells.slice(0, 12).every(({ repetition }) => repetition === 1)).toBe(true);
  });

  it('is split by shards that together are the whole', () => {
    const shards = [1, 2, 3, 4, 5].map((index) => takeShard(cells, { index, of: 5 }));
    expect(shards.map((shard) => shard.length)).toEqual([5, 5, 5, 5, 4]);
    expect(new Set(shards.flat())).toEqual(new Set(cells));
    expect(parseShard('2/5')).toEqual({ index: 2, of: 5 });
    for (const text of ['0/5', '6/5', '1', 'a/b']) expect(() => parseShard(text)).toThrow('i/n');
  });

  it('finds task folders, folders of them, and names of the gallery', async () => {
    await make(['one/task.json', 'many/x/package.json', 'many/y/task.json', 'many/notes/a.txt', 'gallery/g/task.json']);
    const at = (path: string) => join(folder, path);
    const found = await findTasks([at('one'), at('many'), 'g', at('one')], at('gallery'));
    expect(found).toEqual([
      { name: 'one', folder: at('one') },
      { name: 'x', folder: at('many/x') },
      { name: 'y', folder: at('many/y') },
      { name: 'g', folder: at('gallery/g') },
    ]);
    await expect(findTasks([at('many/notes')], at('gallery'))).rejects.toThrow('task.json or a package.json');
    await expect(findTasks(['nowhere'], at('gallery'))).rejects.toThrow('neither a folder nor a task');
  });
});

describe('the figures', () => {
  it.each([
    [0, 0, 0, 1],
    [0, 10, 0, 0.2775],
    [5, 10, 0.2366, 0.7634],
    [10, 10, 0.7225, 1],
    [81, 263, 0.2553, 0.3662],
  ])("Wilson's interval of %i in %i", (successes, runs, low, high) => {
    const interval = wilsonInterval(successes, runs);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  it("the agent's own word is no success, and is counted apart", () => {
    const claimed = rowWith({ success: false, proof: 'agent', left: { tests: 2, by: 'agent' } });
    expect(groupByModel([rowWith(), claimed])[0]).toMatchObject({ runs: 2, successes: 1, claimed: 1, visibleOnly: 0 });
    expect(renderResults([claimed], '2026-01-01T00:00:00.000Z')).toContain('claimed, 2 tests fail as before');
  });

  it('a crash counts as no success, a stop not at all, and an unknown price makes the sum unknown', () => {
    const rows = [
      rowWith(),
      rowWith({ task: 'b', hidden: false, success: false, cost: 1.5, steps: 8 }),
      rowWith({ task: 'b', outcome: null, error: 'no', success: false, solved: false, cost: null, steps: 0 }),
      rowWith({ task: 'b', outcome: 'stopped', success: false, solved: false, cost: null }),
    ];
    expect(groupByModel(rows)).toMatchObject([
      { task: null, runs: 3, successes: 1, visibleOnly: 1, errors: 1, rate: 1 / 3, steps: 6, cost: 1, totalCost: 2 },
    ]);
    expect(groupByTask(rows).map(({ task, runs, rate }) => [task, runs, rate])).toEqual([
      ['a', 1, 1],
      ['b', 2, 0],
    ]);
    expect(groupByModel([rowWith({ cost: null })])[0]).toMatchObject({ cost: null, totalCost: null });
    expect(groupByModel([rowWith({ outcome: 'stopped' })])[0]).toMatchObject({ runs: 0, rate: null, low: 0, high: 1 });
  });
});

describe('the results', () => {
  it('are read back as they were written, and refused when they are something else', async () => {
    const rows = [rowWith(), rowWith({ id: 'b', outcome: null, error: 'no', session: null })];
    expect(await readRows(folder)).toEqual([]);
    await writeRows(folder, rows);
    expect(await readRows(folder)).toEqual(rows);
    expect(() => parseResults('[]', 'x.json')).toThrow('x.json holds no results');
    expect(() => parseResults('{', 'x.json')).toThrow('x.json is not JSON');
    const leaving = { format: 'fixpoint-eval/1', rows: [rowWith({ session: 'runs/../../x.json' })] };
    expect(() => parseResults(JSON.stringify(leaving), 'x.json')).toThrow('session');
  });

  it('of several folders are merged: what is finished wins, then what is later, and session files come along', async () => {
    const [one, two, out] = ['one', 'two', 'out'].map((name) => join(folder, name)) as [string, string, string];
    await make(['one/runs/a.json', 'two/runs/b.json']);
    const crashed = rowWith({
      id: 'b',
      task: 'b',
      outcome: null,
      error: 'no',
      session: null,
      startedAt: '2027-01-01T00:00:00.000Z',
    });
    const finished = rowWith({ id: 'b', task: 'b', session: 'runs/b.json' });
    await writeRows(one, [rowWith(), crashed]);
    await writeRows(two, [finished]);
    expect(await mergeFolders([one, two], out)).toEqual([rowWith(), finished]);
    expect(await readRows(out)).toEqual([rowWith(), finished]);
    for (const file of ['runs/a.json', 'runs/b.json', 'results.html', 'results.csv', 'runs.csv'])
      expect(await readFile(join(out, file), 'utf8')).not.toBe('');
    await expect(mergeFolders([join(folder, 'nowhere')], out)).rejects.toThrow('ENOENT');
    const later = { ...finished, startedAt: '2028-01-01T00:00:00.000Z', steps: 9 };
    expect(mergeRows([[later], [finished]])).toEqual([later]);
  });

  it('are CSV that a spreadsheet reads as text and numbers', async () => {
    expect(toCsv([{ name: 'a, "b"\nc', value: 1.5, none: null, formula: '=1+1' }])).toBe(
      'name,value,none,formula\r\n"a, ""b""\nc",1.5,,\'=1+1\r\n',
    );
    expect(toCsv([])).toBe('');
    await writeTables(folder, [rowWith({ explanation: 'secret, long' })]);
    const [head, line, ...rest] = (await readFile(join(folder, 'runs.csv'), 'utf8')).split('\r\n');
    expect([head?.split(',').length, rest]).toEqual([line?.split(',').length, ['']]);
  });

  it('are a page in which nothing that a task, a model or a run says is HTML', () => {
    const evil = `<img src=x onerror=alert(1)>"'&`;
    const page = renderResults(
      [
        rowWith({ task: evil, model: evil, strategy: evil, explanation: `</pre><script>${evil}` }),
        rowWith({ error: evil }),
      ],
      '2026-01-01T00:00:00.000Z',
    );
    expect(page).not.toContain('<img');
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;');
    expect(page).toMatch(/script-src &#39;sha256-[\w+/]+=&#39;/);
    expect(page).not.toMatch(/https?:/);
  });
});
