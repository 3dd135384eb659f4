/** Servers repeat the key that they were sent, in errors and, where they echo the request, in replies: neither may reach a log. */
import type { ModelReply } from '../model.ts';

/** Local servers take any word for a key: those are no secrets. */
const SHORTEST_KEY = 12;
const MASK = '[key]';

export type HideKey = (text: string) => string;

export function createHideKey(key: string): HideKey {
  if (key.length < SHORTEST_KEY) return (text) => text;
  return (text) => text.replaceAll(key, MASK);
}

export function hideInReply<Reply extends ModelReply>(reply: Reply, hide: HideKey): Reply {
  const { content, reasoning, toolCalls } = reply.message;
  const message = {
    ...reply.message,
    content: hide(content),
    ...(reasoning === undefined ? {} : { reasoning: hide(reasoning) }),
    toolCalls: toolCalls.map((call) => ({ ...call, name: hide(call.name), arguments: hide(call.arguments) })),
  };
  return { ...reply, message };
}
