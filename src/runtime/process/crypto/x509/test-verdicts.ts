/** For tests: what a native client says of a server's certificates, and what this runtime says of them. */
import type { KeyObject } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import * as tls from 'node:tls';
import { pemOf } from '../../tls/test-certificates.ts';
import type { CryptoServices } from '../services.ts';
import { readCertificates } from './certificate-handle.ts';
import { verifyChain } from './verify-chain.ts';
import { verifyError } from './verify-results.ts';

export interface Case {
  /** Of the server. */
  key: KeyObject;
  /** What it sends, in PEM. */
  sent: string;
  trusted: string;
  allowPartialTrustChain?: boolean;
  /** The client's level of security. */
  level?: number;
}

/** A code and a message; or that they are good. */
export async function nativeVerdict(one: Case): Promise<string> {
  const { key, sent, trusted, allowPartialTrustChain = false, level = 2 } = one;
  const server = tls.createServer({ key: pemOf(key), cert: sent, ciphers: 'DEFAULT:@SECLEVEL=0' });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const { port } = server.address() as AddressInfo;
  const ciphers = `DEFAULT:@SECLEVEL=${level}`;
  const options = { port, ca: trusted, allowPartialTrustChain, ciphers, checkServerIdentity: () => undefined };
  return new Promise((resolve) => {
    const socket = tls.connect(options, () => {
      resolve('good');
      socket.destroy();
    });
    socket.on('error', ({ code, message }: NodeJS.ErrnoException) => resolve(`${code}: ${message}`));
    socket.on('close', () => server.close());
  });
}

export function ownVerdict(services: CryptoServices, one: Case): string {
  const { sent, trusted, allowPartialTrustChain = false, level = 2 } = one;
  const read = (pem: string) => readCertificates(services, Buffer.from(pem));
  const result = verifyChain(services, read(sent), {
    trusted: read(trusted),
    purpose: 'server',
    allowsPartial: allowPartialTrustChain,
    crls: [],
    securityLevel: level,
    now: Date.now(),
  });
  if (result === 0) return 'good';
  const { code, message } = verifyError(result);
  return `${code}: ${message}`;
}
