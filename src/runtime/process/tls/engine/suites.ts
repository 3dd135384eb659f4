/** The cipher suites, by their numbers in the protocol. */

export const TLS12 = 0x303;
export const TLS13 = 0x304;

export type Aead = 'aes-128-gcm' | 'aes-256-gcm' | 'chacha20-poly1305';
export type BlockMode = 'aes-128-cbc' | 'aes-256-cbc';
export type HashName = 'sha1' | 'sha256' | 'sha384';

export interface Suite {
  id: number;
  /** OpenSSL's name. */
  name: string;
  /** The name of its RFC. */
  standardName: string;
  version: typeof TLS12 | typeof TLS13;
  /** The version that it came with, as OpenSSL tells. */
  since: 'TLSv1.3' | 'TLSv1.2' | 'TLSv1.0' | 'SSLv3';
  cipher: Aead | BlockMode;
  /** Of the records, where the cipher does not authenticate them itself. */
  mac: HashName | null;
  /** Of the secrets. */
  hash: 'sha256' | 'sha384';
  keyLength: number;
  /** How the secret comes about, and the kind of key that signs; in TLS 1.3 the extensions say. */
  agreement: 'any' | 'ecdhe' | 'rsa' | 'psk' | 'ecdhe-psk';
  authentication: 'any' | 'rsa' | 'ecdsa' | 'psk';
}

const keyLengthOf = (cipher: string): number => (cipher.startsWith('aes-128') ? 16 : 32);

const tls13 = (id: number, name: string, cipher: Aead): Suite => ({
  id,
  name,
  standardName: name,
  version: TLS13,
  since: 'TLSv1.3',
  cipher,
  mac: null,
  hash: cipher === 'aes-256-gcm' ? 'sha384' : 'sha256',
  keyLength: keyLengthOf(cipher),
  agreement: 'any',
  authentication: 'any',
});

type Kind = 'ECDHE-ECDSA' | 'ECDHE-RSA' | 'RSA' | 'PSK' | 'ECDHE-PSK';
const KINDS: Readonly<Record<Kind, Pick<Suite, 'agreement' | 'authentication'>>> = {
  'ECDHE-ECDSA': { agreement: 'ecdhe', authentication: 'ecdsa' },
  'ECDHE-RSA': { agreement: 'ecdhe', authentication: 'rsa' },
  RSA: { agreement: 'rsa', authentication: 'rsa' },
  PSK: { agreement: 'psk', authentication: 'psk' },
  'ECDHE-PSK': { agreement: 'ecdhe-psk', authentication: 'psk' },
};

/** "AES256-GCM-SHA384", as a cipher and the standard's words for it. */
function readCipher(name: string): Pick<Suite, 'cipher' | 'mac' | 'hash'> & { standard: string } {
  if (name.startsWith('CHACHA20')) {
    return { cipher: 'chacha20-poly1305', mac: null, hash: 'sha256', standard: 'CHACHA20_POLY1305_SHA256' };
  }
  const [, bits = '128', mode, digest = ''] = /^AES(128|256)-(GCM-|CBC-)?SHA(\d*)$/.exec(name) ?? [];
  const hash = digest === '384' ? 'sha384' : 'sha256';
  const isGcm = mode === 'GCM-';
  const size = bits === '256' ? 256 : 128;
  return {
    cipher: isGcm ? `aes-${size}-gcm` : `aes-${size}-cbc`,
    mac: isGcm ? null : digest === '' ? 'sha1' : hash,
    hash,
    standard: `AES_${bits}_${isGcm ? 'GCM' : 'CBC'}_SHA${digest}`,
  };
}

function tls12(id: number, kind: Kind, cipherName: string): Suite {
  const { standard, ...cipher } = readCipher(cipherName);
  const since = cipher.mac !== 'sha1' ? 'TLSv1.2' : kind === 'RSA' ? 'SSLv3' : 'TLSv1.0';
  return {
    id,
    name: kind === 'RSA' ? cipherName : `${kind}-${cipherName}`,
    standardName: `TLS_${kind.replace('-', '_')}_WITH_${standard}`,
    version: TLS12,
    since,
    ...cipher,
    keyLength: keyLengthOf(cipher.cipher),
    ...KINDS[kind],
  };
}

/** In OpenSSL's order. */
export const SUITES: readonly Suite[] = [
  tls13(0x1302, 'TLS_AES_256_GCM_SHA384', 'aes-256-gcm'),
  tls13(0x1303, 'TLS_CHACHA20_POLY1305_SHA256', 'chacha20-poly1305'),
  tls13(0x1301, 'TLS_AES_128_GCM_SHA256', 'aes-128-gcm'),
  tls12(0xc02c, 'ECDHE-ECDSA', 'AES256-GCM-SHA384'),
  tls12(0xc030, 'ECDHE-RSA', 'AES256-GCM-SHA384'),
  tls12(0xcca9, 'ECDHE-ECDSA', 'CHACHA20-POLY1305'),
  tls12(0xcca8, 'ECDHE-RSA', 'CHACHA20-POLY1305'),
  tls12(0xc02b, 'ECDHE-ECDSA', 'AES128-GCM-SHA256'),
  tls12(0xc02f, 'ECDHE-RSA', 'AES128-GCM-SHA256'),
  tls12(0xc024, 'ECDHE-ECDSA', 'AES256-SHA384'),
  tls12(0xc028, 'ECDHE-RSA', 'AES256-SHA384'),
  tls12(0xc023, 'ECDHE-ECDSA', 'AES128-SHA256'),
  tls12(0xc027, 'ECDHE-RSA', 'AES128-SHA256'),
  tls12(0xc00a, 'ECDHE-ECDSA', 'AES256-SHA'),
  tls12(0xc014, 'ECDHE-RSA', 'AES256-SHA'),
  tls12(0xc009, 'ECDHE-ECDSA', 'AES128-SHA'),
  tls12(0xc013, 'ECDHE-RSA', 'AES128-SHA'),
  tls12(0xccac, 'ECDHE-PSK', 'CHACHA20-POLY1305'),
  tls12(0x009d, 'RSA', 'AES256-GCM-SHA384'),
  tls12(0x00a9, 'PSK', 'AES256-GCM-SHA384'),
  tls12(0xccab, 'PSK', 'CHACHA20-POLY1305'),
  tls12(0x009c, 'RSA', 'AES128-GCM-SHA256'),
  tls12(0x00a8, 'PSK', 'AES128-GCM-SHA256'),
  tls12(0x003d, 'RSA', 'AES256-SHA256'),
  tls12(0x003c, 'RSA', 'AES128-SHA256'),
  tls12(0xc038, 'ECDHE-PSK', 'AES256-CBC-SHA384'),
  tls12(0x0035, 'RSA', 'AES256-SHA'),
  tls12(0x00af, 'PSK', 'AES256-CBC-SHA384'),
  tls12(0xc037, 'ECDHE-PSK', 'AES128-CBC-SHA256'),
  tls12(0x002f, 'RSA', 'AES128-SHA'),
  tls12(0x00ae, 'PSK', 'AES128-CBC-SHA256'),
];

export const suiteOf = (id: number): Suite | undefined => SUITES.find((suite) => suite.id === id);
