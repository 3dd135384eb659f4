/** What pages of previews report. They are the guest's: each may post anything at all, in the name of any other. */
import { z } from 'zod';
import type { PreviewSettings } from '../../runtime/headless/previews/wire.ts';
import { parseJson } from './page-messages.ts';

const place = { pathname: z.string(), search: z.string(), hash: z.string() };

const exception = z.object({
  type: z.enum(['PREVIEW_UNCAUGHT_EXCEPTION', 'PREVIEW_UNHANDLED_REJECTION']),
  message: z.string(),
  stack: z.string().optional(),
  ...place,
});

const consoleError = z.object({
  type: z.literal('PREVIEW_CONSOLE_ERROR'),
  args: z.array(z.unknown()),
  stack: z.string(),
  ...place,
});

export type Report = z.infer<typeof exception> | z.infer<typeof consoleError>;

/** The report with nothing else in it; null when it is none, or the client did not ask for reports of its kind. */
export function readReport(text: string, { forwardErrors }: PreviewSettings): Report | null {
  if (forwardErrors === false) return null;
  const kinds = forwardErrors === 'exceptions-only' ? exception : z.union([exception, consoleError]);
  return kinds.safeParse(parseJson(text)).data ?? null;
}
