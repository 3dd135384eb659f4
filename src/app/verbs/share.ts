/** A session on its way out: searched for secrets, masked, as a link or a file. All of it is loaded when it is first needed. */
import type { SessionFile } from '../../session/events.ts';
import type { SecretFinding } from '../../share/redact.ts';

export async function findSecrets(session: SessionFile): Promise<readonly SecretFinding[]> {
  const redact = await import('../../share/redact.ts');
  return redact.findSecrets(session);
}

export async function makeLink(session: SessionFile, masked: readonly SecretFinding[]): Promise<string> {
  const { encodeLink } = await import('../../share/link.ts');
  return `${location.origin}${location.pathname}${await encodeLink(await mask(session, masked))}`;
}

export async function makeFile(session: SessionFile, masked: readonly SecretFinding[]): Promise<string> {
  const { exportSession } = await import('../../share/session-text.ts');
  return exportSession(await mask(session, masked));
}

async function mask(session: SessionFile, findings: readonly SecretFinding[]): Promise<SessionFile> {
  if (findings.length === 0) return session;
  const { redactSession } = await import('../../share/redact.ts');
  return redactSession(session, findings);
}
