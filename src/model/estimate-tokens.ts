import { estimateTokenCount } from 'tokenx';
import type { ModelRequest, Usage } from './model.ts';

const CHARACTERS_A_TOKEN = 4;

/** Roughly what a reply of so many characters used, for servers that do not say. */
export function estimateUsage({ messages, tools }: ModelRequest, length: number): Usage {
  return {
    inputTokens: estimateTokenCount(JSON.stringify(messages)) + estimateTokenCount(JSON.stringify(tools)),
    outputTokens: Math.ceil(length / CHARACTERS_A_TOKEN),
    estimated: true,
  };
}
