/** New keys in the midst of a connection of TLS 1.3 (RFC 8446, section 4.6.3). */
import { Alert, TlsFailure } from './failure.ts';
import type { Handshake } from './handshake.ts';
import { type Message, MessageType } from './messages.ts';
import { ContentType } from './records.ts';
import type { Secrets13 } from './secrets13.ts';

const NOT_REQUESTED = 0;
const REQUESTED = 1;

/** The peer has new keys, and may ask for new ones in return. */
export function updateKeys(handshake: Handshake, secrets: Secrets13, { body }: Message): void {
  const [wish] = body;
  if (body.length > 1) throw new TlsFailure('excessive message size', Alert.illegalParameter);
  if (body.length === 0) throw new TlsFailure('bad key update', Alert.decodeError);
  if (wish !== NOT_REQUESTED && wish !== REQUESTED) throw new TlsFailure('bad key update', Alert.illegalParameter);
  secrets.updateReads();
  if (wish === NOT_REQUESTED) return;
  const answer = Uint8Array.of(MessageType.keyUpdate, 0, 0, 1, NOT_REQUESTED);
  handshake.records.write(ContentType.handshake, answer);
  secrets.updateWrites();
}
