/** What events are made of, each field by name. */
import { z } from 'zod';
import type { Content, FileChange } from '../files.ts';

// Schemas compiled to code need eval, which the page's security policy forbids. They ask when they are made.
z.config({ jitless: true });

export const count = z.number().int().nonnegative();
export const amount = z.number().nonnegative();
export const treeHash = z.string().regex(/^[0-9a-f]{40}$/, 'is not a tree hash');
const base64 = z.string().regex(/^(?:[\w+/]{4})*(?:[\w+/]{2}==|[\w+/]{3}=)?$/, 'is not base64');

const content = z.union([z.string(), z.object({ base64 })]) satisfies z.ZodType<Content>;
export const files = z.record(z.string(), content);
const change = z.object({ path: z.string(), content: content.nullable() }) satisfies z.ZodType<FileChange>;
export const changes = z.array(change);

const patterns = z.array(z.string());
export const task = z.object({
  name: z.string(),
  title: z.string(),
  goal: z.string(),
  test: z.string(),
  level: z.enum(['starter', 'easy', 'medium', 'hard']),
  editable: z.array(z.string()),
  protected: z.array(z.string()),
  hints: z.array(z.string()),
  review: z.array(z.string()).exactOptional(),
  checks: z
    .object({ lint: z.string().exactOptional(), types: z.string().exactOptional(), hidden: z.string().exactOptional() })
    .exactOptional(),
  commands: z
    .object({ allow: patterns.exactOptional(), ask: patterns.exactOptional(), deny: patterns.exactOptional() })
    .exactOptional(),
  secrets: z.boolean().exactOptional(),
  target: patterns.exactOptional(),
  known: patterns.exactOptional(),
});

/** Tests that fail although the run is solved. */
export const left = z.object({
  by: z.enum(['task', 'agent', 'person']),
  tests: z.array(
    z.object({
      name: z.array(z.string()),
      reason: z.string().exactOptional(),
      doubt: z.string().exactOptional(),
    }),
  ),
});

export const limits = z.object({
  steps: amount,
  attempts: amount,
  seconds: amount,
  tokens: amount,
  cost: amount,
  output: amount.exactOptional(),
  commandSeconds: amount.exactOptional(),
  testSeconds: amount.exactOptional(),
});

export const spent = z.object({
  steps: count,
  attempts: count,
  milliseconds: amount,
  inputTokens: amount,
  outputTokens: amount,
  cost: amount.nullable(),
});

export const verdict = z.object({
  exitCode: z.number().int(),
  passed: z.boolean(),
  format: z.string().nullable(),
  counts: z.object({ passed: count, failed: count, skipped: count }).nullable(),
  tests: z.array(
    z.object({
      name: z.array(z.string()),
      file: z.string().exactOptional(),
      status: z.enum(['passed', 'failed', 'skipped', 'todo']),
      message: z.string().exactOptional(),
    }),
  ),
  doubt: z.string().exactOptional(),
});

/** Of one reply. */
export const counts = {
  inputTokens: amount.exactOptional(),
  outputTokens: amount.exactOptional(),
  cachedTokens: amount.exactOptional(),
  estimated: z.literal(true).exactOptional(),
  cost: amount.exactOptional(),
};
export const size = z.object({ messages: count, tokens: amount });
