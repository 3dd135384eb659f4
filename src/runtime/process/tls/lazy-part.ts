/** The optional part `tls`, of which each process has one: it is loaded when a context or a connection is first made. */
import { cryptoPartOf, lazyPart } from '../crypto/lazy-part.ts';
import type { TlsServices } from './tls-services.ts';

export const tlsPartOf = lazyPart((context) => {
  const { tlsPart } = context.loadPart('tls') as typeof import('./part.ts');
  return tlsPart(context, () => cryptoPartOf(context).get('tlsServices') as TlsServices);
});
