/** What a server of either version chooses, and where it has to ask. */
import { readNumberList, readProtocols } from './extensions.ts';
import { Alert, TlsFailure } from './failure.ts';
import type { Handshake, Steps } from './handshake.ts';
import { type ClientHello, Extension } from './messages.ts';
import type { SignatureScheme } from './signature-schemes.ts';
import { type Suite, suiteOf } from './suites.ts';

/** Waits where the program has a say in which certificate is shown. */
export function* askForCertificate({ facts, hooks }: Handshake, { extensions }: ClientHello): Steps {
  const wantsOcsp = extensions.has(Extension.statusRequest);
  if (hooks.certificateNeeded({ servername: facts.servername, wantsOcsp })) yield 'answer';
}

/** The suites that both sides have, the preferred one first. */
export function sharedSuites({ settings, facts }: Handshake, { suites: offered }: ClientHello): Suite[] {
  const { suites, prefersOwnSuites } = settings;
  const usable = suites.filter(({ id, version }) => version === facts.version && offered.includes(id));
  if (prefersOwnSuites) return usable;
  return offered.map(suiteOf).filter((suite): suite is Suite => suite !== undefined && usable.includes(suite));
}

/** The protocol that both speak; a client that offers others only is refused. */
export function chooseProtocol({ facts, hooks }: Handshake, { extensions }: ClientHello): void {
  const content = extensions.get(Extension.alpn);
  if (content === undefined) return;
  const chosen = hooks.selectProtocol(readProtocols(content));
  if (chosen === 'none') return;
  if (chosen === null) throw new TlsFailure('no application protocol', Alert.noApplicationProtocol);
  facts.protocol = chosen.slice();
}

export function sharedSchemes({ settings }: Handshake, { extensions }: ClientHello): SignatureScheme[] {
  const offered = readNumberList(extensions, Extension.signatureAlgorithms);
  return settings.schemes.filter(({ id }) => offered.includes(id));
}
