import { z } from 'zod';
import type { ModelReply, ToolCall, Usage } from './model.ts';
import { ModelError } from './model.ts';

/** Characters of one reply, thoughts and arguments included. */
const LONGEST = 1_000_000;

const usage = z.object({
  prompt_tokens: z.number(),
  completion_tokens: z.number(),
  prompt_tokens_details: z.object({ cached_tokens: z.number().nullish() }).nullish(),
});
const call = z.object({
  index: z.number().optional(),
  id: z.string().nullish(),
  function: z.object({ name: z.string().nullish(), arguments: z.string().nullish() }).nullish(),
});
const delta = z.object({
  content: z.string().nullish(),
  reasoning_content: z.string().nullish(),
  reasoning: z.string().nullish(),
  tool_calls: z.array(call).nullish(),
});
const chunk = z.object({
  choices: z.array(z.object({ delta: delta.nullish(), finish_reason: z.string().nullish() })).nullish(),
  usage: usage.nullish(),
  error: z.unknown().optional(),
});
/** A part of a reply, as servers stream it; unchecked. */
export type Chunk = z.input<typeof chunk>;

const completion = z.object({
  choices: z.array(z.object({ message: delta, finish_reason: z.string().nullish() })),
  usage: usage.nullish(),
});

/** A whole reply as one part. */
export function completionToChunk(value: unknown): Chunk {
  const parsed = completion.safeParse(value);
  if (!parsed.success)
    throw new ModelError(`The server's answer is no chat completion:\n${z.prettifyError(parsed.error)}`);
  const { choices, usage: used } = parsed.data;
  return { choices: choices.map(({ message, finish_reason }) => ({ delta: message, finish_reason })), usage: used };
}

interface Draft {
  content: string;
  reasoning: string;
  readonly calls: { id: string; name: string; arguments: string }[];
  usage: Usage | undefined;
  finish: string | null;
}

/** Puts a reply together. Throws ModelError when it is empty, too long, cut off or not in the protocol. */
export async function assembleReply(
  chunks: AsyncIterable<Chunk>,
  onText?: (text: string) => void,
): Promise<ModelReply> {
  const draft: Draft = { content: '', reasoning: '', calls: [], usage: undefined, finish: null };
  let length = 0;
  for await (const part of chunks) {
    const parsed = chunk.safeParse(part);
    if (!parsed.success)
      throw new ModelError(`The server's stream is not in the protocol:\n${z.prettifyError(parsed.error)}`);
    length += addChunk(draft, parsed.data, onText);
    if (length > LONGEST) throw new ModelError(`The reply is longer than ${LONGEST} characters and was cut off.`);
  }
  const { content, reasoning, calls, finish } = draft;
  // A stream that ends without saying so was broken off.
  if (finish === null && draft.usage === undefined)
    throw new BrokenStreamError('The stream ended in the middle of the reply.');
  if (finish === 'length' && calls.length > 0)
    throw new ModelError('The reply reached the length limit of the server in the middle of a tool call.');
  const toolCalls = calls.map((one, index): ToolCall => ({ ...one, id: one.id || `call-${index + 1}` }));
  return {
    message: { role: 'assistant', content, ...(reasoning === '' ? {} : { reasoning }), toolCalls },
    ...(draft.usage ? { usage: draft.usage } : {}),
  };
}

/** Worth another try. */
export class BrokenStreamError extends ModelError {
  override name = 'BrokenStreamError';
}

/** Returns how many characters it added. */
function addChunk(
  draft: Draft,
  { choices, usage: used, error }: z.output<typeof chunk>,
  onText?: (text: string) => void,
): number {
  if (error !== undefined && error !== null)
    throw new ModelError(`The server reports an error in the stream: ${JSON.stringify(error).slice(0, 300)}`);
  if (used) {
    const cached = used.prompt_tokens_details?.cached_tokens;
    const cachedTokens = cached === undefined || cached === null ? {} : { cachedTokens: cached };
    draft.usage = { inputTokens: used.prompt_tokens, outputTokens: used.completion_tokens, ...cachedTokens };
  }
  const [choice] = choices ?? [];
  draft.finish = choice?.finish_reason ?? draft.finish;
  const text = choice?.delta?.content ?? '';
  const thought = choice?.delta?.reasoning_content ?? choice?.delta?.reasoning ?? '';
  draft.content += text;
  draft.reasoning += thought;
  if (text !== '') onText?.(text);
  const calls = choice?.delta?.tool_calls ?? [];
  for (const [position, part] of calls.entries()) addCall(draft, part, position);
  return text.length + thought.length + calls.reduce((sum, part) => sum + (part.function?.arguments?.length ?? 0), 0);
}

function addCall({ calls }: Draft, part: z.output<typeof call>, position: number): void {
  // Some servers give no index: a new id begins a new call.
  const isNew = part.index === undefined && part.id && !calls.some(({ id }) => id === part.id);
  const index = part.index ?? (isNew ? calls.length : Math.max(position, calls.length - 1));
  while (calls.length <= index) calls.push({ id: '', name: '', arguments: '' });
  const target = calls[index];
  if (!target) return;
  target.id ||= part.id ?? '';
  // Names come whole; some servers repeat them in every part.
  target.name ||= part.function?.name ?? '';
  target.arguments += part.function?.arguments ?? '';
}
