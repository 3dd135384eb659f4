/** What a connection goes by that nobody has told anything. */
import { GROUPS } from './groups.ts';
import type { Hooks, Settings } from './settings.ts';
import { SIGNATURE_SCHEMES } from './signature-schemes.ts';
import { SUITES, TLS12, TLS13 } from './suites.ts';
import { EMPTY } from './wire.ts';

/** Those of a client. */
export const DEFAULT_SETTINGS: Settings = {
  isServer: false,
  minVersion: TLS12,
  maxVersion: TLS13,
  suites: SUITES,
  prefersOwnSuites: true,
  groups: GROUPS,
  schemes: SIGNATURE_SCHEMES,
  identities: [],
  requestsCertificate: false,
  requiresCertificate: false,
  authorities: [],
  protocols: null,
  servername: null,
  session: null,
  wantsOcsp: false,
  hasPsk: false,
  pskHint: EMPTY,
  ticketKeys: null,
  sessionContext: EMPTY,
  sessionLifetime: 300,
};

/** They take every certificate, and answer nothing. */
export const DEFAULT_HOOKS: Hooks = {
  handshakeStarted: () => undefined,
  handshakeDone: () => undefined,
  helloRead: () => false,
  certificateNeeded: () => false,
  selectProtocol: () => 'none',
  verify: () => 0,
  newSession: () => undefined,
  keylog: () => undefined,
  ocspResponse: () => undefined,
  takeOcspResponse: () => null,
  findPsk: () => null,
  choosePsk: () => null,
  now: () => Date.now(),
};
