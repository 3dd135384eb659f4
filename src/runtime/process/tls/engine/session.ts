/** Sessions that a later connection can take up, as values and as the bytes that programs keep. */
import { type DerReader, der, derInteger, derOctets, derSequence, DerReader as Reader } from '../../crypto/keys/der.ts';
import { encodeUtf8 } from '../../streams/text.ts';
import { numberBytes, WireReader } from './wire.ts';

export interface Session {
  version: number;
  /** Number of its suite. */
  suite: number;
  /** In TLS 1.2 the master secret, in TLS 1.3 the key that both know now. */
  secret: Uint8Array;
  sessionId: Uint8Array;
  /** Empty when the server keeps the session itself. */
  ticket: Uint8Array;
  /** Added to the age of the ticket, which is not to be seen. */
  ageAdd: number;
  /** Seconds. */
  lifetime: number;
  /** Milliseconds since 1970. */
  created: number;
  protocol: Uint8Array;
  servername: string;
  /** The peer's own certificate in DER; empty when it had none. */
  peerCertificate: Uint8Array;
  verifyResult: number;
  context: Uint8Array;
  hasExtendedSecret: boolean;
}

const tag = (number: number): number => 0xa0 | number;
const FORMAT = 1;
/** The flag of the extended master secret in OpenSSL's own encoding. */
const EXTENDED = 1;

/** In the fields of OpenSSL's SSL_SESSION_ASN1. */
export function encodeSession(session: Session): Uint8Array {
  const optional = (number: number, content: Uint8Array, isThere: boolean) =>
    isThere ? [der(tag(number), content)] : [];
  return derSequence(
    derInteger(FORMAT),
    derInteger(session.version),
    derOctets(numberBytes(2, session.suite)),
    derOctets(session.sessionId),
    derOctets(session.secret),
    der(tag(1), derInteger(Math.floor(session.created / 1000))),
    der(tag(2), derInteger(session.lifetime)),
    ...optional(3, session.peerCertificate, session.peerCertificate.length > 0),
    der(tag(4), derOctets(session.context)),
    ...optional(5, derInteger(session.verifyResult), session.verifyResult !== 0),
    ...optional(6, derOctets(encodeUtf8(session.servername)), session.servername !== ''),
    ...optional(9, derInteger(session.lifetime), session.ticket.length > 0),
    ...optional(10, derOctets(session.ticket), session.ticket.length > 0),
    ...optional(13, derInteger(session.hasExtendedSecret ? EXTENDED : 0), session.hasExtendedSecret),
    ...optional(14, derInteger(session.ageAdd), session.version > 0x303),
    ...optional(16, derOctets(session.protocol), session.protocol.length > 0),
  );
}

/** null for what is none. */
export function decodeSession(bytes: Uint8Array): Session | null {
  try {
    return readSession(new Reader(bytes).sequence());
  } catch {
    // A program's bytes, or a ticket's: whatever is wrong with them, they are no session.
    return null;
  }
}

function readSession(reader: DerReader): Session {
  if (reader.integer() !== BigInt(FORMAT)) throw new RangeError('another format');
  const version = Number(reader.integer());
  const suite = new WireReader(reader.octets()).number(2);
  const sessionId = reader.octets().slice();
  const secret = reader.octets().slice();
  const number = (field: number): number => {
    const content = reader.optional(tag(field));
    return content === null ? 0 : Number(new Reader(content).integer());
  };
  const octets = (field: number): Uint8Array => {
    const content = reader.optional(tag(field));
    return content === null ? new Uint8Array(0) : new Reader(content).octets().slice();
  };
  const created = number(1) * 1000;
  const lifetime = number(2);
  const peerCertificate = reader.optional(tag(3))?.slice() ?? new Uint8Array(0);
  const context = octets(4);
  const verifyResult = number(5);
  const servername = new TextDecoder().decode(octets(6));
  number(9);
  const ticket = octets(10);
  const hasExtendedSecret = (number(13) & EXTENDED) !== 0;
  const ageAdd = number(14);
  const protocol = octets(16);
  return {
    version,
    suite,
    sessionId,
    secret,
    created,
    lifetime,
    peerCertificate,
    context,
    verifyResult,
    servername,
    ticket,
    hasExtendedSecret,
    ageAdd,
    protocol,
  };
}
