/** A client's connection for who is no process, and needs neither contexts nor sockets of the library: a utility of the shell. */
import type { Certificate } from '../crypto/x509/certificate.ts';
import { encodeLatin1 } from '../streams/text.ts';
import { Connection } from './engine/connection.ts';
import { DEFAULT_HOOKS, DEFAULT_SETTINGS } from './engine/default-settings.ts';
import { Alert, TlsFailure } from './engine/failure.ts';
import { TLS12, TLS13 } from './engine/suites.ts';
import type { TlsServices } from './tls-services.ts';

export interface ClientWish {
  services: TlsServices;
  /** null for an address. */
  servername: string | null;
  /** The one that is spoken. */
  protocol: string;
  /** Only TLS 1.2, or only TLS 1.3. */
  only?: '1.2' | '1.3' | undefined;
  /** The server's certificates, its own first; false ends the handshake. */
  judge(chain: readonly Certificate[]): boolean;
}

export function clientConnection({ services, servername, protocol, only, judge }: ClientWish): Connection {
  const name = encodeLatin1(protocol);
  return new Connection({
    crypto: services,
    settings: {
      ...DEFAULT_SETTINGS,
      servername,
      protocols: Uint8Array.of(name.length, ...name),
      minVersion: only === '1.3' ? TLS13 : TLS12,
      maxVersion: only === '1.2' ? TLS12 : TLS13,
    },
    hooks: {
      ...DEFAULT_HOOKS,
      verify(chain) {
        if (!judge(chain)) throw new TlsFailure('certificate verify failed', Alert.badCertificate);
        return 0;
      },
    },
  });
}
