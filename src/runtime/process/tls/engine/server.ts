/** A server's handshake, up to where the versions part. */
import { readServerName, readVersions } from './extensions.ts';
import { Alert, TlsFailure } from './failure.ts';
import type { Handshake, Steps } from './handshake.ts';
import { type ClientHello, Extension, MessageType, readClientHello } from './messages.ts';
import { server12 } from './server12.ts';
import { server13 } from './server13.ts';
import { TLS12, TLS13 } from './suites.ts';

export function* serverHandshake(handshake: Handshake): Steps {
  const { facts, records, hooks } = handshake;
  const message = yield* handshake.receive(MessageType.clientHello);
  hooks.handshakeStarted();
  records.version = TLS12;
  const hello = readClientHello(message.body);
  facts.clientRandom = hello.random.slice();
  facts.version = chooseVersion(handshake, hello);
  facts.servername = readServerName(hello.extensions);
  const sessionId = hello.sessionId.slice();
  const hasTicket = (hello.extensions.get(Extension.sessionTicket)?.length ?? 0) > 0;
  if (hooks.helloRead({ sessionId, servername: facts.servername, hasTicket })) yield 'answer';
  if (facts.version === TLS13) yield* server13(handshake, hello, message);
  else yield* server12(handshake, hello);
}

function chooseVersion({ settings }: Handshake, { version, extensions }: ClientHello): number {
  const offered = readVersions(extensions) ?? [Math.min(version, TLS12)];
  const usable = offered.filter((one) => one >= settings.minVersion && one <= settings.maxVersion);
  const best = Math.max(0, ...usable.filter((one) => one === TLS13 || one === TLS12));
  if (best === 0) throw new TlsFailure('unsupported protocol', Alert.protocolVersion);
  return best;
}
