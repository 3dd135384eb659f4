/** Re-executes a session in a fresh embedded sandbox. */
import { replaySession } from '../../agent/replay.ts';
import { createSandbox } from '../../sandbox/create-sandbox.ts';
import { parseSessionText } from '../../session/schema.ts';
import { decodeLink } from '../../share/link.ts';
import type { ReplayEnd } from '../page-api.ts';

export async function runReplay(source: string): Promise<ReplayEnd> {
  const file = source.startsWith('#') ? await decodeLink(source) : parseSessionText(source);
  const sandbox = await createSandbox('embedded');
  try {
    const { steps, agrees } = await replaySession(file, sandbox, { signal: new AbortController().signal });
    const differing = steps.filter((step) => step.differences.length > 0);
    const lines = steps.map(({ seq, action, agreed, differences }) =>
      differences.length === 0
        ? `ok    ${seq}  ${action}: ${agreed.join(', ')}`
        : `DIFF  ${seq}  ${action}: ${differences.join('; ')}`,
    );
    const summary = agrees
      ? `All ${steps.length} steps agree with the recording.`
      : `${differing.length} of ${steps.length} steps differ from the recording; the first is event ${differing[0]?.seq}.`;
    return { agrees, lines: [...lines, summary] };
  } finally {
    sandbox.dispose();
  }
}
