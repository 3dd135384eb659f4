/** Sessions as files, for those too large for a link. */
import type { SessionFile } from '../session/events.ts';
import { parseSessionFile, parseSessionText } from '../session/format/parse-session.ts';

/** JSON text of a session, indented. Only the fields that the format names are in it. */
export function exportSession(session: SessionFile): string {
  return `${JSON.stringify(parseSessionFile(session), null, 1)}\n`;
}

/** Throws SessionFormatError, whose message is for the user. */
export function importSession(text: string): SessionFile {
  return parseSessionText(text);
}
