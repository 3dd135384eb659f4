/** The optional part `tls`, of which each process has one: it is loaded when a context or a connection is first made. */
import type { ProcessContext } from '../context.ts';
import { cryptoPartOf, type LazyPart, lazyPart } from '../crypto/lazy-part.ts';
import type { TlsServices } from './tls-services.ts';

const parts = new WeakMap<ProcessContext, LazyPart>();

export function tlsPartOf(context: ProcessContext): LazyPart {
  let part = parts.get(context);
  if (part === undefined) {
    part = lazyPart(() => {
      const { tlsPart } = context.loadPart('tls') as typeof import('./part.ts');
      return tlsPart(context, () => cryptoPartOf(context).get('tlsServices') as TlsServices);
    });
    parts.set(context, part);
  }
  return part;
}
