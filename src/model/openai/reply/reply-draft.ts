import type { z } from 'zod';
import type { AssistantMessage, Echo, ModelReply } from '../../model.ts';
import { BrokenStreamError, EmptyReplyError, ForeignReplyError } from '../failures.ts';
import { errorInBody, ServerError } from '../server-error.ts';
import { chunk, type Delta, readCalls, readText } from './chunk.ts';
import { createReasoningEcho } from './reasoning-echo.ts';
import { createRepetition } from './repetition.ts';
import { createThinking } from './thinking.ts';
import { createToolCallDrafts, type ToolCallDrafts } from './tool-call-drafts.ts';
import { UNREAD_CALL } from './unread-call.ts';
import { type ReportedUsage, readUsage } from './usage.ts';

/** Characters of a reply without end that are kept, for a person to see what it was. */
const KEPT = 2_000;

export interface DraftOptions {
  /** Of the request: names tell where a call begins. */
  readonly tools: readonly string[];
  /** Ids of the calls of the conversation so far: each call has one of its own. */
  readonly callIds: ReadonlySet<string>;
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
const FAILED = /^(error|insufficient_system_resource)$/i;
const MALFORMED = /^malformed_function_call$/i;
const FILTERED_OUT = "The server's content filter stopped your reply. Go on in another way.";

/** A reply while it comes, part by part. */
export class ReplyDraft {
  readonly #options: DraftOptions;
  readonly #calls: ToolCallDrafts;
  readonly #thinking = createThinking();
  readonly #echo = createReasoningEcho();
  readonly #repetition = createRepetition();
  #content = '';
  #reasoning = '';
  #refusal = '';
  #finish: string | null = null;
  #used: ReportedUsage | null = null;
  #hasEnded = false;
  #isCompletion = false;
  #isRepeating = false;
  #length = 0;

  constructor(options: DraftOptions) {
    this.#options = options;
    this.#calls = createToolCallDrafts(options.tools);
  }

  /** Characters so far. */
  get length(): number {
    return this.#length;
  }

  get isRepeating(): boolean {
    return this.#isRepeating;
  }

  /** The server gave the reason why it stopped: nothing of the reply is missing. */
  get isOver(): boolean {
    return this.#finish !== null;
  }

  /** One part, unchecked. Throws ServerError when it is an error, and ForeignReplyError when it is nothing known. */
  add(value: unknown): void {
    const before = this.#length;
    const parsed = readChunk(value);
    this.#used = readUsage(parsed.usage) ?? readUsage(groqUsage(parsed)) ?? this.#used;
    if (parsed.choices) this.#isCompletion = true;
    // Of several replies the first: the others were not asked for.
    const choice = (parsed.choices ?? []).find((each) => each !== null && (each.index ?? 0) === 0);
    // The usage by itself comes last; some servers send what they know of it first.
    if (!choice) this.#hasEnded ||= this.#used !== null && this.#length > 0;
    else {
      const delta = choice.delta ?? (choice.message && this.#unheard(choice.message));
      if (delta) this.#addDelta(delta);
      else if (choice.text) this.#addText(choice.text);
      this.#finish = choice.finish_reason || this.#finish;
    }
    if (this.#length > before) this.#options.onProgress?.(this.#length - before);
  }

  /** The server says that the reply is over. */
  end(): void {
    this.#hasEnded = true;
  }

  /** The reply, where it has no end: nothing of it is used. */
  endless(problem: string): AssembledReply {
    return {
      message: { role: 'assistant', content: `${this.#content.slice(0, KEPT)}\n[…]`, toolCalls: [] },
      finish: 'length',
      length: this.#length,
      correction: `${problem} It was cut off and nothing of it was used. Write less at once.`,
    };
  }

  /** The reply, at the end of the stream. Throws as `assembleReply`. */
  finish(): AssembledReply {
    const finish = this.#finish;
    if (this.#hasEnded && !this.#isCompletion)
      throw new ForeignReplyError(
        "The server's answer is no chat completion: it has no choices. Is the base URL right?",
      );
    // A stream that ends without saying so was broken off.
    if (finish === null && !this.#hasEnded) throw new BrokenStreamError('The stream ended in the middle of the reply.');
    if (finish !== null && FAILED.test(finish))
      throw new ServerError({ text: `the model's reply failed (${finish})`, status: 502 });
    if (finish !== null && CUT.test(finish)) return this.#reply(this.#cutOff());
    if (finish !== null && FILTERED.test(finish)) {
      this.#dropHalf();
      return this.#reply(FILTERED_OUT);
    }
    if (finish !== null && MALFORMED.test(finish)) return this.#reply(UNREAD_CALL);
    const whole = this.#reply(null);
    const { content, toolCalls } = whole.message;
    if (toolCalls.length === 0 && content.trim() === '') throw new EmptyReplyError(whole);
    return whole;
  }

  /** Some servers give the whole message once more at the end of a stream: what of it did not come in pieces. */
  #unheard(message: Delta): Delta {
    if (this.#length === 0) return message;
    const isKnown = readText(message.content).content === this.#content;
    return {
      ...message,
      ...(isKnown ? { content: null } : {}),
      ...(this.#reasoning === '' ? {} : { reasoning_content: null, reasoning: null, reasoning_details: null }),
      ...(this.#calls.count === 0 ? {} : { tool_calls: null, function_call: null }),
    };
  }

  #addText(text: string): void {
    this.#content += text;
    this.#length += text.length;
    const fresh = this.#thinking.add(text);
    if (fresh !== '') this.#options.onText?.(fresh);
  }

  #addDelta(delta: Delta): void {
    const { content, reasoning } = readText(delta.content);
    const thought = this.#echo.add(delta) + reasoning;
    const refusal = delta.refusal ?? '';
    this.#addText(content);
    this.#reasoning += thought;
    this.#refusal += refusal;
    this.#length += thought.length + refusal.length;
    const legacy = delta.function_call ? [{ index: 0, id: 'function_call', function: delta.function_call }] : [];
    const calls = [...(delta.tool_calls ?? []), ...readCalls(delta.content), ...legacy];
    for (const call of calls) this.#length += this.#calls.add(call);
    const written = calls.map((call) => call.function?.arguments ?? '').join('');
    this.#isRepeating ||= this.#repetition.add(content + thought + written);
  }

  #message(): AssistantMessage {
    const answer = this.#thinking.finish();
    const thoughts = [this.#reasoning, answer.reasoning].filter(Boolean).join('\n');
    const { calls, extras } = this.#calls.finish(this.#options.callIds);
    const echo: Echo = { message: this.#echo.finish(), calls: extras };
    const hasEcho = [echo.message, ...extras].some((fields) => Object.keys(fields).length > 0);
    return {
      role: 'assistant',
      content: (answer.content || this.#refusal).toWellFormed(),
      ...(thoughts === '' ? {} : { reasoning: thoughts.toWellFormed() }),
      toolCalls: calls,
      ...(hasEcho ? { echo } : {}),
    };
  }

  #reply(correction: string | null): AssembledReply {
    const used = this.#used;
    return {
      message: this.#message(),
      finish: this.#finish,
      length: this.#length,
      ...(used ? { usage: used.usage } : {}),
      ...(used && used.cost !== null ? { cost: used.cost } : {}),
      ...(correction === null ? {} : { correction }),
    };
  }

  #cutOff(): string {
    const said = 'Your reply reached the length limit of the server and was cut off.';
    if (this.#calls.count === 0) return `${said} Write less at once, and call a tool.`;
    if (!this.#dropHalf()) return said;
    return `${said} Its last tool call was not whole and was not executed: make it again, shorter or in several steps.`;
  }

  /** A call without its end is dropped: half a change is worse than none. */
  #dropHalf(): boolean {
    if (this.#calls.isWhole) return false;
    this.#calls.dropLast();
    return true;
  }
}

function readChunk(value: unknown): z.output<typeof chunk> {
  const error = errorInBody(value, null);
  if (error) throw error;
  const parsed = parseChunk(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ForeignReplyError(
    `The server does not answer in the protocol of chat completions: ${issue?.path.join('.')}: ${issue?.message}.`,
  );
}

function parseChunk(value: unknown): ReturnType<typeof chunk.safeParse> {
  try {
    return chunk.safeParse(value);
  } catch (error) {
    // What recursion does not survive is nested thousands of levels deep.
    if (error instanceof RangeError)
      throw new ForeignReplyError("The server's answer is nested too deeply to be read.");
    throw error;
  }
}

/** Groq's, in the last chunk of a stream. */
function groqUsage({ x_groq: own }: Record<string, unknown>): unknown {
  return typeof own === 'object' && own !== null && 'usage' in own ? own.usage : null;
}
