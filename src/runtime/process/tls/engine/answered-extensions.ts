/** What a server may answer a client's extensions with, and in which message (RFC 8446, section 4.2). */
import { Alert, TlsFailure } from './failure.ts';
import { Extension, type Extensions } from './messages.ts';

export const ANSWERS = {
  serverHello12: [
    Extension.serverName,
    Extension.statusRequest,
    Extension.supportedGroups,
    Extension.pointFormats,
    Extension.alpn,
    Extension.extendedMasterSecret,
    Extension.sessionTicket,
    Extension.renegotiationInfo,
  ],
  serverHello13: [Extension.preSharedKey, Extension.supportedVersions, Extension.keyShare],
  retry: [Extension.supportedVersions, Extension.cookie, Extension.keyShare],
  encrypted: [Extension.serverName, Extension.supportedGroups, Extension.alpn],
} as const satisfies Record<string, readonly number[]>;

const KNOWN: ReadonlySet<number> = new Set(Object.values(Extension));
/** The suite that signals it asks for the one, and nobody for the other. */
const UNASKED: ReadonlySet<number> = new Set([Extension.renegotiationInfo, Extension.cookie]);

/** As OpenSSL, which passes over those that it does not know. */
export function checkAnswers(answers: Extensions, asked: Extensions, allowed: readonly number[]): void {
  for (const id of answers.keys()) {
    if (!KNOWN.has(id)) continue;
    if (!allowed.includes(id)) throw new TlsFailure('bad extension', Alert.illegalParameter);
    if (!asked.has(id) && !UNASKED.has(id)) {
      throw new TlsFailure('unsolicited extension', Alert.unsupportedExtension);
    }
  }
}
