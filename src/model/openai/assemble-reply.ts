import { z } from 'zod';
import type { AssistantMessage, Echo, ModelReply } from '../model.ts';
import { ModelError } from '../model.ts';
import { chunk, type Delta, readText } from './chunk.ts';
import { BrokenStreamError, EmptyReplyError } from './failures.ts';
import type { Part } from './read-parts.ts';
import { createReasoningEcho } from './reasoning-echo.ts';
import { createRepetition } from './repetition.ts';
import { errorInBody, ServerError } from './server-error.ts';
import { createThinking } from './thinking.ts';
import { createToolCallDrafts } from './tool-call-drafts.ts';
import { type ReportedUsage, readUsage } from './usage.ts';

/** Characters of one reply, thoughts and arguments included. */
export const LONGEST_REPLY = 1_000_000;
/** Characters of a reply without end that are kept, for a person to see what it was. */
const KEPT = 2_000;

export interface AssembleOptions {
  /** Of the request: names tell where a call begins. */
  readonly tools: readonly string[];
  /** Ids of the calls of the conversation so far: each call has one of its own. */
  readonly callIds: ReadonlySet<string>;
  readonly longest?: number;
  readonly onText?: (text: string) => void;
  /** Characters that came just now, of whatever kind. */
  readonly onProgress?: (characters: number) => void;
}

export type AssembledReply = ModelReply & {
  /** The server's word for why the reply ended. */
  readonly finish: string | null;
  /** Characters that came, dropped ones too. */
  readonly length: number;
};

const CUT = /^(length|max_tokens|model_length|max_output_tokens)$/i;
const FILTERED = /^(content_filter|safety|recitation|prohibited_content|blocklist|spii|refusal)$/i;
const FAILED = /^(error|insufficient_system_resource|malformed_function_call)$/i;

/**
 * Puts a reply together. A reply that was cut off, filtered or is too long comes with a correction, and without what is not whole in it.
 * Throws EmptyReplyError, BrokenStreamError and ServerError, which are worth another try, and ModelError when the server speaks otherwise.
 */
export async function assembleReply(parts: AsyncIterable<Part>, options: AssembleOptions): Promise<AssembledReply> {
  const draft = createDraft(options);
  for await (const part of parts) {
    if (part === 'done') draft.end();
    else draft.add(part);
    if (draft.isTooLong)
      return draft.endless(`Your reply was longer than ${options.longest ?? LONGEST_REPLY} characters.`);
    if (draft.isRepeating) return draft.endless('Your reply repeated itself without end.');
  }
  return draft.finish();
}

function createDraft({ tools, callIds, longest = LONGEST_REPLY, onText, onProgress }: AssembleOptions) {
  const thinking = createThinking();
  const echo = createReasoningEcho();
  const drafts = createToolCallDrafts(tools);
  const repetition = createRepetition();
  let content = '';
  let reasoning = '';
  let refusal = '';
  let finish: string | null = null;
  let used: ReportedUsage | null = null;
  let hasEnded = false;
  let isCompletion = false;
  let length = 0;
  let isRepeating = false;
  let told = 0;

  const addText = (text: string) => {
    content += text;
    const fresh = thinking.add(text);
    if (fresh !== '') onText?.(fresh);
  };
  const addDelta = (delta: Delta) => {
    const text = readText(delta.content);
    addText(text.content);
    const thought = echo.add(delta) + text.reasoning;
    reasoning += thought;
    refusal += delta.refusal ?? '';
    const calls = delta.tool_calls ?? [];
    const legacy = delta.function_call ? [{ index: 0, id: 'function_call', function: delta.function_call }] : [];
    for (const call of [...calls, ...legacy]) length += drafts.add(call);
    const written = calls.map((call) => call.function?.arguments ?? '').join('');
    isRepeating ||= repetition.add(text.content + thought + written);
    length += text.content.length + thought.length + (delta.refusal?.length ?? 0);
  };
  const message = (): AssistantMessage => {
    const answer = thinking.finish();
    const thoughts = [reasoning, answer.reasoning].filter(Boolean).join('\n');
    const { calls, extras } = drafts.finish(callIds);
    const wire: Echo = { message: echo.finish(), calls: extras };
    const hasEcho = [wire.message, ...extras].some((fields) => Object.keys(fields).length > 0);
    return {
      role: 'assistant',
      content: answer.content || refusal,
      ...(thoughts === '' ? {} : { reasoning: thoughts }),
      toolCalls: calls,
      ...(hasEcho ? { echo: wire } : {}),
    };
  };
  const reply = (correction: string | null): AssembledReply => ({
    message: message(),
    finish,
    length,
    ...(used ? { usage: used.usage } : {}),
    ...(used && used.cost !== null ? { cost: used.cost } : {}),
    ...(correction === null ? {} : { correction }),
  });
  return {
    get isTooLong() {
      return length > longest;
    },
    get isRepeating() {
      return isRepeating;
    },
    add: (value: unknown) => {
      const parsed = readChunk(value);
      used = readUsage(parsed.usage) ?? readUsage(groqUsage(parsed)) ?? used;
      if (parsed.choices) isCompletion = true;
      const [choice] = parsed.choices ?? [];
      if (!choice) return;
      const delta = choice.delta ?? choice.message;
      if (delta) addDelta(delta);
      else if (choice.text) {
        addText(choice.text);
        length += choice.text.length;
      }
      finish = choice.finish_reason || finish;
      if (length > told) onProgress?.(length - told);
      told = length;
    },
    end: () => {
      hasEnded = true;
    },
    endless: (problem: string): AssembledReply => ({
      message: { role: 'assistant', content: `${content.slice(0, KEPT)}\n[…]`, toolCalls: [] },
      finish: 'length',
      length,
      correction: `${problem} It was cut off and nothing of it was used. Write less at once.`,
    }),
    finish: (): AssembledReply => {
      if (hasEnded && !isCompletion)
        throw new ModelError("The server's answer is no chat completion: it has no choices. Is the base URL right?");
      // A stream that ends without saying so was broken off.
      if (finish === null && used === null && !hasEnded)
        throw new BrokenStreamError('The stream ended in the middle of the reply.');
      if (finish !== null && FAILED.test(finish) && !hasSomething())
        throw new ServerError({ text: `the model's reply failed (${finish})`, status: 502 });
      if (finish !== null && CUT.test(finish)) return reply(cutOff());
      if (finish !== null && FILTERED.test(finish)) return reply(FILTERED_OUT);
      const whole = reply(null);
      if (!hasSomething()) throw new EmptyReplyError(whole);
      return whole;
    },
  };

  function hasSomething(): boolean {
    return drafts.count > 0 || thinking.finish().content.trim() !== '' || refusal !== '';
  }

  /** A call without its end is dropped: half a change is worse than none. */
  function cutOff(): string {
    const said = 'Your reply reached the length limit of the server and was cut off.';
    if (drafts.count === 0) return `${said} Write less at once, and call a tool.`;
    if (drafts.isWhole) return said;
    drafts.dropLast();
    return `${said} Its last tool call was not whole and was not executed: make it again, shorter or in several steps.`;
  }
}

const FILTERED_OUT = "The server's content filter stopped your reply. Go on in another way.";

function readChunk(value: unknown): z.output<typeof chunk> {
  const error = errorInBody(value, null);
  if (error) throw error;
  const parsed = chunk.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ModelError(`The server does not answer in the protocol:\n${z.prettifyError(parsed.error)}`);
}

/** Groq's, in the last chunk of a stream. */
function groqUsage({ x_groq: own }: Record<string, unknown>): unknown {
  return typeof own === 'object' && own !== null && 'usage' in own ? own.usage : null;
}
