/**
 * TLS for the shell's HTTP, by the runtime's own engine: its parts are loaded with the first address of https, as a program of
 * Node loads them.
 */

import type { ProcessContext } from '../../process/context.ts';
import type { Certificate } from '../../process/crypto/x509/certificate.ts';
import type { Sys } from '../../process/system-calls/sys.ts';
import type { TlsServices } from '../../process/tls/tls-services.ts';
import { loadScript } from '../lazy.ts';
import type { UtilityContext } from '../utility.ts';
import type { SocketStream } from './byte-stream.ts';
import { CertificateError, HttpError } from './http-error.ts';
import { type Engine, SecureStream } from './secure-stream.ts';

export interface Security {
  /** Whether the server has to show a certificate of its own that is trusted. */
  isVerified: boolean;
  /** The file with the authorities that are trusted; without one there are none. */
  authorities: string | undefined;
  only?: '1.2' | '1.3' | undefined;
}

const CERTIFICATES = 77;
/** Debian's libraries ask for as much. */
const SECURITY_LEVEL = 2;
const EXPIRED = 10;
const NOT_YET_VALID = 9;

interface Parts {
  engine: Engine;
  services: TlsServices;
}
let loading: Promise<Parts> | undefined;

async function loadParts(sys: Sys): Promise<Parts> {
  const [engine, crypto] = await Promise.all([loadScript('tls.js', sys), loadScript('crypto.js', sys)]);
  const { tlsServicesAlone } = crypto as typeof import('../../process/crypto/part.ts');
  return { engine: engine as Engine, services: tlsServicesAlone(standIn(sys)) };
}

/** What cryptography and certificates need of a process, which this is none. */
function standIn(sys: Sys): ProcessContext {
  const context = {
    global: globalThis,
    host: globalThis,
    partBytes: (name: string) => new Uint8Array(sys.call('runtimePart', name)),
    makeError: (make: () => Error) => make(),
  };
  return context as unknown as ProcessContext;
}

/** Shakes hands over the socket. Throws {@link HttpError}, and a {@link CertificateError} where the server is not who it should be. */
export async function secure(
  { sys, resolve }: UtilityContext,
  { below, host, security }: { below: SocketStream; host: string; security: Security },
): Promise<SecureStream> {
  loading ??= loadParts(sys);
  loading.catch(() => {
    loading = undefined;
  });
  const { engine, services } = await loading;
  const { isVerified, authorities, only } = security;
  const trusted =
    authorities === undefined ? [] : readAuthorities(services, sys, { shown: authorities, path: resolve(authorities) });
  let failure: CertificateError | undefined;
  const judge = (chain: readonly Certificate[]): boolean => {
    failure = isVerified ? judgeChain(services, chain, trusted) : undefined;
    return failure === undefined;
  };
  // Of addresses, those of IPv6 in brackets, the server is not told.
  const servername = /^\[|^[\d.]+$/.test(host) ? null : host;
  const connection = engine.clientConnection({ services, servername, protocol: 'http/1.1', only, judge });
  const stream = new SecureStream(below, connection, engine);
  await stream.shakeHands(host, () => failure);
  const [own] = connection.facts.peerChain;
  if (isVerified && own !== undefined && !services.isFor(own, host)) throw wrongHost(own, host);
  return stream;
}

function readAuthorities(
  services: TlsServices,
  sys: Sys,
  { shown, path }: { shown: string; path: string },
): Certificate[] {
  const failure = new HttpError(CERTIFICATES, `error setting certificate file: ${shown}`);
  if (!sys.call('statOrNull', path, true)) throw failure;
  try {
    return services.readCertificates(sys.call('readFile', path));
  } catch {
    // Whatever is wrong with it, there are none in it.
    throw failure;
  }
}

function judgeChain(
  services: TlsServices,
  chain: readonly Certificate[],
  trusted: readonly Certificate[],
): CertificateError | undefined {
  const [problem] = services.chainProblems(chain, {
    trusted,
    purpose: 'server',
    // As curl asks OpenSSL to do.
    allowsPartial: true,
    crls: [],
    securityLevel: SECURITY_LEVEL,
    now: Date.now(),
  });
  if (problem === undefined) return undefined;
  const reason = problem === EXPIRED ? 'expired' : problem === NOT_YET_VALID ? 'early' : 'untrusted';
  return new CertificateError(`SSL certificate problem: ${services.verifyText(problem)}`, reason);
}

function wrongHost({ subject, extensions }: Certificate, host: string): CertificateError {
  const name = subject.parts.flat().findLast(({ oid }) => oid === COMMON_NAME)?.text;
  const text =
    extensions.has(ALT_NAMES) || name === undefined
      ? `no alternative certificate subject name matches target host name '${host}'`
      : `certificate subject name '${name}' does not match target host name '${host}'`;
  return new CertificateError(`SSL: ${text}`, 'host');
}
const COMMON_NAME = '2.5.4.3';
const ALT_NAMES = '2.5.29.17';
