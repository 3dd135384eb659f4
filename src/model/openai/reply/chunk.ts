/** One part of a reply, as servers stream it, read with as much patience as the protocol's dialects need. */
import { z } from 'zod';
import { type CallPart, callPart, legacyCall } from './tool-call-drafts.ts';

/** Text in the shapes that servers use: a string, or parts (`{type: "text", text}`, `{type: "thinking", thinking: […]}`). */
const text = z.unknown().optional();
const lenient = <Schema extends z.ZodType>(schema: Schema) => schema.nullish().catch(null);

/** One call alone is a list of it; what is no call is left out. */
function asList(value: unknown): unknown {
  const list = Array.isArray(value) ? value : [value];
  return list.filter((each) => typeof each === 'object' && each !== null);
}

const delta = z.object({
  content: text,
  reasoning_content: text,
  reasoning: text,
  reasoning_details: lenient(z.array(z.looseObject({}))),
  refusal: lenient(z.string()),
  tool_calls: lenient(z.preprocess(asList, z.array(callPart))),
  function_call: lenient(legacyCall),
});
const choice = z.object({
  index: lenient(z.number()),
  delta: delta.nullish(),
  message: delta.nullish(),
  /** Of the older completions. */
  text: lenient(z.string()),
  finish_reason: lenient(z.string()),
});
export const chunk = z.looseObject({ choices: z.array(choice.nullable()).nullish(), usage: z.unknown().optional() });
export type Delta = z.output<typeof delta>;

/** Levels of parts in parts that servers use are two. */
const DEEPEST = 8;

/** The answer's text and the thoughts in a content, whatever its shape. */
export function readText(value: unknown, levels = DEEPEST): { readonly content: string; readonly reasoning: string } {
  if (typeof value === 'string') return { content: value, reasoning: '' };
  const read = { content: '', reasoning: '' };
  const parts = Array.isArray(value) ? value : [value];
  for (const part of levels > 0 ? parts : []) {
    if (typeof part === 'string') read.content += part;
    if (typeof part !== 'object' || part === null) continue;
    const inner = readText(part.text ?? part.thinking ?? part.content ?? part.refusal, levels - 1);
    if (/think|reason/.test(String(part.type))) read.reasoning += inner.content + inner.reasoning;
    else {
      read.content += inner.content;
      read.reasoning += inner.reasoning;
    }
  }
  return read;
}

/** The calls that some gateways put between the parts of the text, as Anthropic does. */
export function readCalls(content: unknown): readonly CallPart[] {
  const parts = Array.isArray(content) ? content : [];
  return parts.flatMap((part: unknown) => {
    const isCall = typeof part === 'object' && part !== null && 'type' in part && part.type === 'tool_use';
    const parsed = callPart.safeParse(part);
    return isCall && parsed.success ? [parsed.data] : [];
  });
}
