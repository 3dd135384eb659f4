/** A server's handshake in TLS 1.2, from the client's hello on. */
import { Alert, TlsFailure } from './failure.ts';
import type { Handshake, Steps } from './handshake.ts';
import type { ClientHello } from './messages.ts';

export function* server12(_handshake: Handshake, _hello: ClientHello): Steps {
  yield 'answer';
  throw new TlsFailure('unsupported protocol', Alert.protocolVersion);
}
