/** A wrapper that OpenAI's models were taught and sometimes call although nobody offers it: one call that holds several. */
import { z } from 'zod';
import type { ToolCall } from '../../model.ts';
import { parseJson } from '../../parse-json.ts';

const NAME = /^(?:multi_tool_use[._])?parallel$/;
const wrapped = z.object({
  tool_uses: z.array(z.object({ recipient_name: z.string(), parameters: z.unknown().optional() })).min(1),
});

/** The calls in a wrapper, without ids; null for any other call. */
export function unwrapParallel({
  name,
  arguments: text,
}: Omit<ToolCall, 'id'>): readonly Omit<ToolCall, 'id'>[] | null {
  if (!NAME.test(name)) return null;
  const parsed = wrapped.safeParse(parseJson(text));
  if (!parsed.success) return null;
  return parsed.data.tool_uses.map(({ recipient_name, parameters }) => ({
    name: recipient_name,
    arguments: typeof parameters === 'string' ? parameters : JSON.stringify(parameters ?? {}),
  }));
}
