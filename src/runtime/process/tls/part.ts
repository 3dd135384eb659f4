/** The optional part `tls`: contexts and connections, over the services of the part `crypto`, which is loaded when a key is first used. */
import type { ProcessContext } from '../context.ts';
import { SUITES } from './engine/suites.ts';
import { defineSecureContext } from './secure-context.ts';
import type { TlsServices } from './tls-services.ts';
import { defineTlsWrap } from './tls-wrap.ts';

export function tlsPart(context: ProcessContext, services: () => TlsServices): Record<string, unknown> {
  return {
    SecureContext: defineSecureContext(context, services),
    TLSWrap: defineTlsWrap(context, services),
    getSSLCiphers: () => SUITES.map(({ name }) => name),
  };
}
