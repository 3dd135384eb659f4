/** What a headless page says. It came from this server, but anything on this machine can open its socket. */
import { z } from 'zod';
import type { PageMessage } from '../../runtime/headless/previews/wire.ts';

const script = z.object({
  source: z.string(),
  type: z.string().optional(),
  defer: z.boolean().optional(),
  async: z.boolean().optional(),
});

const connection = z.int().nonnegative();

const message: z.ZodType<PageMessage> = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('settings'),
    script: script.nullable(),
    forwardErrors: z.union([z.boolean(), z.literal('exceptions-only')]),
  }),
  z.object({ type: z.enum(['refused', 'end', 'reset']), connection }),
  z.object({ type: z.literal('took'), connection, bytes: z.int().nonnegative() }),
]);

/** null when it is none. */
export function readPageMessage(text: string): PageMessage | null {
  return message.safeParse(parseJson(text)).data ?? null;
}

/** undefined when it is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
