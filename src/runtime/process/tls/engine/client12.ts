/** A client's handshake in TLS 1.2, from the server's hello on. */
import type { Offer } from './client-hello.ts';
import { Alert, TlsFailure } from './failure.ts';
import type { Handshake, Steps } from './handshake.ts';
import type { ServerHello } from './messages.ts';

export function* client12(_handshake: Handshake, _offer: Offer, _hello: ServerHello): Steps {
  yield 'answer';
  throw new TlsFailure('unsupported protocol', Alert.protocolVersion);
}
