import { parse } from 'acorn';
import { expect, it } from 'vitest';
import { AWAITED_VALUE, CAPTURE_CONTEXT, RESTORE_CONTEXT } from './injected-names.ts';
import { mayAwait, transformAwait } from './transform-await.ts';

/** Runs an async function's body; `context` is lost after every tick, as in a browser, and `mark` tells what it is. */
async function run(body: string): Promise<unknown[]> {
  const marks: unknown[] = [];
  let context: unknown = 'start';
  const scope = globalThis as Record<string, unknown>;
  let awaited: unknown;
  scope[CAPTURE_CONTEXT] = (value: unknown) => {
    awaited = value;
    return context;
  };
  scope[AWAITED_VALUE] = () => awaited;
  scope[RESTORE_CONTEXT] = (value: unknown, captured: unknown) => {
    context = captured;
    return value;
  };
  const lose = async (value: unknown): Promise<unknown> => {
    await null;
    context = 'lost';
    if (value instanceof Error) throw value;
    return value;
  };
  const source = `return (async () => {${body}})()`;
  const transformed = transformAwait(source, ['lose', 'mark', 'enter'], parse);
  const compiled = new Function('lose', 'mark', 'enter', transformed?.code ?? source) as (
    ...args: unknown[]
  ) => unknown;
  const enter = (next: unknown): void => {
    context = next;
  };
  await compiled(lose, () => marks.push(context), enter);
  return marks;
}

it.each([
  ['an await', 'await lose(1); mark();'],
  [
    'an await in an arrow function',
    'await (async (f = () => 1) /* => */ => ( // =>\n f(await lose(1), await lose(2)), mark()))();',
  ],
  ['a nested await', 'await lose(await lose(1)); mark();'],
  ['catch', 'try { await lose(new Error("x")); } catch { mark(); }'],
  ['finally', 'try { await lose(1); } finally { mark(); }'],
  ['the body of for await', 'for await (const x of [lose(1)]) mark();'],
  ['the end of for await', 'if (true) { for await (const x of [lose(1)]); mark(); }'],
  ['for await before else', 'if (true) for await (const x of [lose(1)]) mark(); else mark();'],
])('keeps the context over %s', async (_, body) => {
  expect(await run(body)).toEqual(['start']);
});

it('restores in catch what was current at the await', async () => {
  expect(await run('try { enter("later"); await lose(new Error("x")); } catch { mark(); }')).toEqual(['later']);
});

it('restores what the awaited expression left', async () => {
  expect(
    await run('await (enter("inside"), lose(1)); mark(); await lose(await lose((enter("deep"), 1))); mark();'),
  ).toEqual(['inside', 'deep']);
});

it.each([
  ['catch, when nothing waited', 'await lose(1); enter("later"); try { throw 1; } catch { mark(); }'],
  ['finally, when nothing waited', 'await lose(1); try { enter("later"); } finally { mark(); }'],
  ['the body of for await', 'await lose(1); enter("later"); for await (const x of [lose(1)]) mark();'],
  ['for await over awaited values', 'enter("later"); for await (const x of [await lose(1)]) mark();'],
  ['the next round', 'for await (const x of [lose(1), lose(2)]) { if (x === 2) mark(); enter("later"); continue; }'],
  ['a round that breaks', 'if (1) here: for await (const x of [lose(1)]) { enter("later"); break here; } mark();'],
  [
    'a round that goes on around it',
    'outer: for (const i of [1]) { for await (const x of [lose(1)]) { enter("later"); continue outer; } } mark();',
  ],
  [
    'catch, behind a round that waits and throws',
    'try { for await (const x of [lose(1)]) { enter("later"); await lose(new Error("x")); } } catch { mark(); }',
  ],
  [
    'catch, behind a round that throws',
    'try { for await (const x of [lose(1)]) { enter("later"); throw 1; } } catch { mark(); }',
  ],
])('what was entered reaches %s', async (_, body) => {
  expect(await run(body)).toEqual(['later']);
});

it('leaves what awaits nothing alone', () => {
  expect(transformAwait('const a = "await";', [], parse)).toBeNull();
  expect(transformAwait('const a = 1;', [], parse)).toBeNull();
  expect(transformAwait('async function f( { await', [], parse)).toBeNull();
});

it('maps offsets back', () => {
  const source = 'return async () => { await first(); second(); }';
  const { code, segments } = transformAwait(source, [], parse)!;
  const at = code.indexOf('second');
  let offset = 0;
  for (let i = 0; i < segments.length; i += 2) if (segments[i]! <= at) offset = segments[i + 1]! + at - segments[i]!;
  expect(source.slice(offset, offset + 6)).toBe('second');
});

it.each([
  ...[
    'await x',
    'await\n[x]',
    'await(x)',
    'await/x/.test(y)',
    'await .5',
    'await -x',
    'await `x`',
    'await {}',
    'await !x',
    'await #x in y',
  ],
  ...[
    'for await (x of y);',
    '[...await x]',
    'x = 1. .await; await y',
    'await/* : */x',
    'await <!-- \nx',
    'x ? await y : z',
    'a\nawait async () => 1',
  ],
])('may await: %s', (source) => expect(mayAwait(source)).toBe(true));

it.each([
  ...[
    'x.await',
    'x?.await(y)',
    '({ await: true })',
    '({ await })',
    '[await, x]',
    'await = 1',
    'await => 1',
    'await.x',
    'f(await)',
    'await;',
  ],
  ...['await\n: for (;;);', 'awaits(x)', '$await (x)', 'await ? 1 : 2', 'await * 2'],
])('awaits nothing: %s', (source) => expect(mayAwait(source)).toBe(false));
