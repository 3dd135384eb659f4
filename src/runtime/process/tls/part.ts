/** The optional part `tls`: contexts and connections, over the services of the part `crypto`, which is loaded when a key is first used. */
import type { ProcessContext } from '../context.ts';
import { writePem } from '../crypto/keys/pem.ts';
import type { Certificate } from '../crypto/x509/certificate.ts';
import { SUITES } from './engine/suites.ts';
import { RootStore } from './root-store.ts';
import { defineSecureContext } from './secure-context.ts';
import type { TlsServices } from './tls-services.ts';
import { defineTlsWrap } from './tls-wrap.ts';

export { clientConnection } from './client-connection.ts';
export { TlsFailure } from './engine/failure.ts';

export function tlsPart(context: ProcessContext, services: () => TlsServices): Record<string, unknown> {
  const roots = new RootStore(context, services);
  const toPem = ({ raw }: Certificate): string => writePem('CERTIFICATE', raw);
  return {
    SecureContext: defineSecureContext(context, services, roots),
    getExtraCACertificates: () => roots.extra().map(toPem),
    getUserRootCertificates: () => roots.current().map(toPem),
    resetRootCertStore: (sources: readonly unknown[]) => roots.reset(sources),
    TLSWrap: defineTlsWrap(context, services),
    getSSLCiphers: () => SUITES.map(({ name }) => name),
  };
}
