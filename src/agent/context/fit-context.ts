/**
 * Makes a conversation fit a model's window. It is compacted seldom and by much: between two compactions its beginning stays the same,
 * which providers cache.
 *
 *     rules, task | a line for each turn left out | turns without their long results | the last turns as they were
 */
import type { Message } from '../../model/model.ts';
import { elide } from '../elide.ts';
import { tokensOf, tokensOfAll } from './measure.ts';
import { describeTurn, shortenTurn } from './shorten.ts';
import { joinTurns, splitTurns, type Turn } from './turns.ts';

export interface Compaction {
  readonly before: Size;
  readonly after: Size;
  /** Turns whose long results were left out. */
  readonly shortened: number;
  /** Turns that one line each stands for. */
  readonly dropped: number;
}
interface Size {
  readonly messages: number;
  readonly tokens: number;
}

export interface Room {
  /** Tokens that the messages may have together; more are compacted. */
  readonly most: number;
  /** Tokens that they have after a compaction. */
  readonly target: number;
}

/** Turns at the end that stay as they are while that is possible. */
const RECENT = 3;
/** Of the allowed size: what was just read is not cut further than it must be. */
const CUT_TO = 0.9;
/** The longest message is cut by and by, until all fit. */
const CUT_BY = 0.8;
/** Of a message that is cut: what is left of its beginning, where a task says what is wanted and a file what it is. */
const HEAD = 0.7;
/** Characters of the lines that stand for what was left out, and the least that a cut message keeps. */
const LONGEST_SUMMARY = 6_000;
const SHORTEST_CUT = 400;

const SUMMARY = 'Left out to save room, earlier steps of this conversation:';

/** The messages as they are when they fit; else fewer and shorter ones, the opening and the last turns kept. Pure. */
export function fitContext(
  messages: readonly Message[],
  { most, target }: Room,
): { readonly messages: readonly Message[]; readonly compaction?: Compaction } {
  if (tokensOfAll(messages) <= most) return { messages };
  const { opening, turns } = splitTurns(messages);
  const { turns: shortened, count } = shortenOldest(opening, turns, target);
  const kept = dropOldest(opening, shortened, target);
  const fitted = cutLongest(joinTurns(kept.opening, kept.turns), Math.max(target, most * CUT_TO));
  const size = (all: readonly Message[]): Size => ({ messages: all.length, tokens: tokensOfAll(all) });
  const compaction = { before: size(messages), after: size(fitted), shortened: count, dropped: kept.dropped };
  return { messages: fitted, compaction };
}

function shortenOldest(opening: readonly Message[], turns: readonly Turn[], target: number) {
  const result = [...turns];
  let tokens = tokensOfAll(joinTurns(opening, turns));
  let count = 0;
  for (const [index, turn] of turns.slice(0, -RECENT).entries()) {
    if (tokens <= target) break;
    const shorter = shortenTurn(turn);
    tokens -= tokensOfAll(joinTurns([], [turn])) - tokensOfAll(joinTurns([], [shorter]));
    result[index] = shorter;
    count += 1;
  }
  return { turns: result, count };
}

function dropOldest(opening: readonly Message[], turns: readonly Turn[], target: number) {
  const summary = opening.findLast(({ content }) => content.startsWith(SUMMARY));
  const rest = opening.filter((message) => message !== summary);
  const lines = summary ? summary.content.split('\n').slice(1) : [];
  let tokens = tokensOfAll(joinTurns(opening, turns));
  let dropped = 0;
  while (tokens > target && dropped < turns.length - RECENT) {
    const turn = turns[dropped];
    if (!turn) break;
    tokens -= tokensOfAll(joinTurns([], [turn]));
    lines.push(...describeTurn(turn));
    dropped += 1;
  }
  if (lines.length === 0) return { opening, turns, dropped };
  const told: Message = { role: 'user', content: `${SUMMARY}\n${elide(lines.join('\n'), LONGEST_SUMMARY)}` };
  return { opening: [...rest, told], turns: turns.slice(dropped), dropped };
}

/** What is still too long is a single message or two: an endless output, a whole file, a task like a book. */
function cutLongest(messages: readonly Message[], most: number): Message[] {
  const result = [...messages];
  const lengths = messages.map(({ content }) => content.length);
  for (let tries = messages.length * 20; tokensOfAll(result) > most && tries > 0; tries -= 1) {
    const at = longest(result);
    const message = messages[at];
    const length = Math.max(SHORTEST_CUT, Math.floor((lengths[at] ?? 0) * CUT_BY));
    if (!message || (lengths[at] ?? 0) <= SHORTEST_CUT) break;
    lengths[at] = length;
    result[at] = { ...message, content: elide(message.content, length, HEAD) };
  }
  return result;
}

/** The longest message that is no rule; the rules when there is nothing else. */
function longest(messages: readonly Message[]): number {
  const sizes = messages.map((message) => (message.role === 'system' ? tokensOf(message) / 1000 : tokensOf(message)));
  return sizes.indexOf(Math.max(...sizes));
}
