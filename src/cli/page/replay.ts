/** Re-executes a session in a fresh embedded sandbox. */
import { replaySession } from '../../agent/replay/replay.ts';
import { createSandbox } from '../../sandbox/create-sandbox.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { SessionFile } from '../../session/events.ts';
import { parseSessionText } from '../../session/format/parse-session.ts';
import { decodeLink } from '../../share/link.ts';
import type { ReplayEnd, ReplayRequest } from '../page-api.ts';
import { findInstalled } from './project.ts';

export async function runReplay({ source, project }: ReplayRequest): Promise<ReplayEnd> {
  const file = source.startsWith('#') ? await decodeLink(source) : parseSessionText(source);
  const sandbox = await createSandbox('embedded');
  try {
    const notes = await mountInstalled(sandbox, file, project);
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
    return { agrees, lines: [...notes, ...lines, summary] };
  } finally {
    sandbox.dispose();
  }
}

/** Brings back the code that was installed when the session was recorded. Gives what a reader of the report should know of it. */
async function mountInstalled(sandbox: Sandbox, { events }: SessionFile, project: string | null): Promise<string[]> {
  const [start] = events;
  if (start?.type !== 'session-started' || !start.installed) return [];
  const { entries, same } = await findInstalled(start.installed, start.files, project);
  await sandbox.mount(entries);
  return same ? [] : ['NOTE  the folder that was given holds other installed code than the recording was made with'];
}
