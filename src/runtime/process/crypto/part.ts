/** The optional part `crypto`: everything of the binding that computes, but for digests (`hashes/part.ts`). */
import type { ProcessContext } from '../context.ts';
import { cipherBindings } from './ciphers/cipher-handle.ts';
import { cipherNames } from './ciphers/ciphers.ts';
import { diffieHellmanBindings } from './diffie-hellman.ts';
import { jobDefiner } from './job.ts';
import { jobBindings } from './jobs.ts';
import { keyEncapsulationBindings } from './key-encapsulation.ts';
import { CURVES } from './keys/curves.ts';
import { contentOfKey, restoreKey } from './keys/key-content.ts';
import { keyGenerationBindings } from './keys/key-generation.ts';
import { secretOf } from './keys/key-material.ts';
import { keyBindings } from './keys/key-object.ts';
import { createServices } from './services.ts';
import { rsaEncryptionBindings } from './signatures/rsa-encryption.ts';
import { signBindings } from './signatures/sign-handles.ts';
import { spkacBindings } from './spkac.ts';
import { tlsServices } from './tls-services.ts';

export { tlsServicesAlone } from './tls-services.ts';

import { webJobBindings } from './web-jobs.ts';
import { certificateBindings } from './x509/certificate-handle.ts';

/** By the names of `internalBinding('crypto')`; one set a process. */
export function cryptoPart(context: ProcessContext, handleOf: (key: unknown) => unknown): Record<string, unknown> {
  const services = createServices(context, handleOf);
  const defineJob = jobDefiner(context);
  const { KeyObjectHandle } = keyBindings(services);
  const { X509Certificate, parseX509, bytesOfCertificate } = certificateBindings(services, KeyObjectHandle);
  return {
    KeyObjectHandle,
    X509Certificate,
    parseX509,
    bytesOfCertificate,
    tlsServices: tlsServices(services, X509Certificate),
    ...jobBindings(services, defineJob),
    ...cipherBindings(services),
    ...signBindings(services, defineJob),
    ...diffieHellmanBindings(services, defineJob),
    ...keyGenerationBindings(services, defineJob, KeyObjectHandle),
    ...rsaEncryptionBindings(services, defineJob),
    ...webJobBindings(services, defineJob),
    ...keyEncapsulationBindings(services, defineJob),
    ...spkacBindings(services),
    secretOf,
    contentOfKey,
    restoreKey: (content: unknown) => restoreKey(new KeyObjectHandle(), content),
    getCiphers: cipherNames,
    getCurves: () => CURVES.map(({ name }) => name),
  };
}
