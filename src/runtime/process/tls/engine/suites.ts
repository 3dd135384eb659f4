/** The cipher suites, by their numbers in the protocol. */

export const TLS12 = 0x303;
export const TLS13 = 0x304;

export type Aead = 'aes-128-gcm' | 'aes-256-gcm' | 'chacha20-poly1305';
export type HashName = 'sha256' | 'sha384';

export interface Suite {
  id: number;
  /** OpenSSL's name. */
  name: string;
  /** The name of its RFC. */
  standardName: string;
  version: typeof TLS12 | typeof TLS13;
  aead: Aead;
  hash: HashName;
  keyLength: number;
  /** Of the key that signs, or that both know; in TLS 1.3 any. */
  authentication: 'any' | 'rsa' | 'ecdsa' | 'psk';
}

const tls13 = (id: number, name: string, aead: Aead, hash: HashName): Suite => ({
  id,
  name,
  standardName: name,
  version: TLS13,
  aead,
  hash,
  keyLength: aead === 'aes-128-gcm' ? 16 : 32,
  authentication: 'any',
});

const tls12 = (id: number, authentication: 'rsa' | 'ecdsa' | 'psk', aead: Aead): Suite => {
  const [openssl, standard] = NAMES[aead];
  const kind = authentication.toUpperCase();
  return {
    id,
    name: `ECDHE-${kind}-${openssl}`,
    standardName: `TLS_ECDHE_${kind}_WITH_${standard}`,
    version: TLS12,
    aead,
    hash: aead === 'aes-256-gcm' ? 'sha384' : 'sha256',
    keyLength: aead === 'aes-128-gcm' ? 16 : 32,
    authentication,
  };
};
const NAMES: Readonly<Record<Aead, readonly [openssl: string, standard: string]>> = {
  'aes-128-gcm': ['AES128-GCM-SHA256', 'AES_128_GCM_SHA256'],
  'aes-256-gcm': ['AES256-GCM-SHA384', 'AES_256_GCM_SHA384'],
  'chacha20-poly1305': ['CHACHA20-POLY1305', 'CHACHA20_POLY1305_SHA256'],
};

/** In OpenSSL's order. */
export const SUITES: readonly Suite[] = [
  tls13(0x1302, 'TLS_AES_256_GCM_SHA384', 'aes-256-gcm', 'sha384'),
  tls13(0x1303, 'TLS_CHACHA20_POLY1305_SHA256', 'chacha20-poly1305', 'sha256'),
  tls13(0x1301, 'TLS_AES_128_GCM_SHA256', 'aes-128-gcm', 'sha256'),
  tls12(0xc02c, 'ecdsa', 'aes-256-gcm'),
  tls12(0xc030, 'rsa', 'aes-256-gcm'),
  tls12(0xcca9, 'ecdsa', 'chacha20-poly1305'),
  tls12(0xcca8, 'rsa', 'chacha20-poly1305'),
  tls12(0xc02b, 'ecdsa', 'aes-128-gcm'),
  tls12(0xc02f, 'rsa', 'aes-128-gcm'),
];

export const suiteOf = (id: number): Suite | undefined => SUITES.find((suite) => suite.id === id);
