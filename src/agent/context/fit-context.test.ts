import { describe, expect, it } from 'vitest';
import type { Message } from '../../model/model.ts';
import { createContextKeeper } from './context-keeper.ts';
import { fitContext } from './fit-context.ts';
import { tokensOfAll } from './measure.ts';

const WORDS = 'alpha beta gamma delta epsilon zeta eta theta iota kappa ';

/** A conversation of `count` turns, each of which read a file of about `words` words. */
function talk(count: number, words: number): Message[] {
  const output = (turn: number) => `src/file-${turn}.js, 1-99:\n${WORDS.repeat(words / 10)}`;
  return [
    { role: 'system', content: 'The rules.' },
    { role: 'user', content: 'The task.' },
    ...Array.from({ length: count }, (_, turn): Message[] => [
      {
        role: 'assistant',
        content: `Looking at ${turn}.`,
        reasoning: 'hm',
        toolCalls: [
          { id: `a${turn}`, name: 'read_file', arguments: JSON.stringify({ path: `src/file-${turn}.js` }) },
          { id: `b${turn}`, name: 'write_file', arguments: JSON.stringify({ path: 'x', content: WORDS.repeat(20) }) },
        ],
      },
      { role: 'tool', callId: `a${turn}`, content: output(turn) },
      { role: 'tool', callId: `b${turn}`, content: 'x rewritten.' },
    ]).flat(),
  ];
}

/** Every result follows its call, every call has its result, and arguments are JSON: what servers demand. */
function isValid(messages: readonly Message[]): boolean {
  let open: string[] = [];
  for (const message of messages) {
    if (message.role === 'tool') {
      if (open.shift() !== message.callId) return false;
    } else if (open.length > 0) return false;
    if (message.role === 'assistant') {
      open = message.toolCalls.map(({ id }) => id);
      for (const call of message.toolCalls) JSON.parse(call.arguments);
    }
  }
  return open.length === 0;
}

describe('fitContext', () => {
  it('leaves alone what fits', () => {
    const messages = talk(5, 100);
    expect(fitContext(messages, { most: 100_000, target: 50_000 })).toEqual({ messages });
  });

  it('leaves out long results first, oldest first, and no more than is needed', () => {
    const messages = talk(10, 1000);
    const most = tokensOfAll(messages) - 1;
    const { messages: fitted, compaction } = fitContext(messages, { most, target: Math.floor(most / 2) });
    expect(compaction).toMatchObject({ shortened: 6, dropped: 0, before: { messages: 32 }, after: { messages: 32 } });
    expect(compaction?.after.tokens).toBeLessThan(most / 2);
    expect(isValid(fitted)).toBe(true);
    const [, , , first] = fitted;
    expect(first?.content).toMatch(
      /^src\/file-0\.js, 1-99:\n\[\d+ characters left out to save room: call the tool again/,
    );
    // The last turns are as they were.
    expect(fitted.slice(-12)).toEqual(messages.slice(-12));
  });

  it('then lets a line stand for each of the oldest turns, again and again', () => {
    let messages: readonly Message[] = talk(60, 1000);
    for (const more of [0, 20]) {
      messages = [...messages, ...talk(more, 1000).slice(2)];
      const { messages: fitted, compaction } = fitContext(messages, { most: 6000, target: 5500 });
      expect(compaction?.dropped).toBeGreaterThan(10);
      expect(compaction?.after.tokens).toBeLessThanOrEqual(6500);
      expect(isValid(fitted)).toBe(true);
      expect(fitted.slice(0, 2)).toEqual(messages.slice(0, 2));
      expect(fitted[2]?.content).toMatch(
        /^Left out to save room.*\n- said: Looking at 0\.\n- read_file .*file-0\.js.* -> src\/file-0\.js, 1-99:/,
      );
      expect(fitted.filter(({ content }) => content.startsWith('Left out'))).toHaveLength(1);
      messages = fitted;
    }
  });

  it('cuts a single message that is longer than the window', () => {
    const messages = [...talk(1, 10), ...talk(1, 100_000).slice(2)];
    const { messages: fitted } = fitContext(messages, { most: 4000, target: 2000 });
    expect(tokensOfAll(fitted)).toBeLessThanOrEqual(3600);
    // No more than it must be: it was just read.
    expect(tokensOfAll(fitted)).toBeGreaterThan(2500);
    expect(isValid(fitted)).toBe(true);
    expect(fitted[0]).toEqual(messages[0]);
  });

  it('is valid for every window', () => {
    const messages = talk(12, 300);
    for (let most = 50; most < 12_000; most += 350)
      expect(isValid(fitContext(messages, { most, target: most / 2 }).messages)).toBe(true);
  });
});

describe('the keeper', () => {
  it('compacts seldom and by much', () => {
    const keeper = createContextKeeper();
    const messages = talk(0, 0);
    const window = { tokens: 20_000, source: 'given' } as const;
    let compactions = 0;
    for (const turn of talk(100, 500).slice(2)) {
      messages.push(turn);
      if (turn.role === 'tool' && turn.callId.startsWith('b') && keeper.keep(messages, [], window)) compactions += 1;
      expect(tokensOfAll(messages)).toBeLessThan(20_000);
    }
    expect(compactions).toBeGreaterThan(1);
    expect(compactions).toBeLessThan(12);
  });

  it('learns from the server how long the conversation is', () => {
    const window = { tokens: 20_000, source: 'given' } as const;
    const messages = talk(10, 900);
    const keeper = createContextKeeper();
    expect(keeper.keep(messages, [], window)).toBeNull();
    keeper.measured({ inputTokens: 19_000, outputTokens: 1 });
    expect(keeper.keep(messages, [], window)).not.toBeNull();
  });

  it('goes below what was refused, with a number or without, and with no window known', () => {
    for (const refused of [4000, null]) {
      const messages = talk(10, 900);
      const before = tokensOfAll(messages);
      const keeper = createContextKeeper();
      expect(keeper.keep(messages, [], null)).toBeNull();
      keeper.refused(refused);
      expect(keeper.keep(messages, [], null)).not.toBeNull();
      expect(tokensOfAll(messages)).toBeLessThan(Math.min(refused ?? before, before) * 0.7);
      keeper.refused(refused);
      expect(keeper.keep(messages, [], null)).not.toBeNull();
    }
  });
});
