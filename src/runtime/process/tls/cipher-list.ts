/** OpenSSL's language of cipher lists (ciphers(1)), over the suites that are here. */
import { SUITES, type Suite, TLS12, TLS13 } from './engine/suites.ts';

/** Words of the language ("AESGCM", "aRSA") -> whether they are true of a suite. */
const WORDS: Readonly<Record<string, (suite: Suite) => boolean>> = {
  ALL: () => true,
  DEFAULT: ({ authentication }) => authentication !== 'psk',
  HIGH: () => true,
  FIPS: ({ cipher }) => cipher !== 'chacha20-poly1305',
  'TLSv1.2': ({ since }) => since === 'TLSv1.2',
  'TLSv1.0': ({ since }) => since === 'TLSv1.0',
  SSLv3: ({ since }) => since === 'SSLv3',
  ECDHE: ({ agreement }) => agreement.startsWith('ecdhe'),
  kECDHE: ({ agreement }) => agreement === 'ecdhe',
  kECDHEPSK: ({ agreement }) => agreement === 'ecdhe-psk',
  kRSA: ({ agreement }) => agreement === 'rsa',
  RSA: ({ agreement }) => agreement === 'rsa',
  kPSK: ({ agreement }) => agreement === 'psk',
  PSK: ({ authentication }) => authentication === 'psk',
  aPSK: ({ authentication }) => authentication === 'psk',
  aRSA: ({ authentication }) => authentication === 'rsa',
  aECDSA: ({ authentication }) => authentication === 'ecdsa',
  ECDSA: ({ authentication }) => authentication === 'ecdsa',
  AES: ({ cipher }) => cipher.startsWith('aes'),
  AES128: ({ cipher }) => cipher.startsWith('aes-128'),
  AES256: ({ cipher }) => cipher.startsWith('aes-256'),
  AESGCM: ({ cipher }) => cipher.endsWith('gcm'),
  CHACHA20: ({ cipher }) => cipher === 'chacha20-poly1305',
  // Of the records: authenticated encryption has none.
  SHA: ({ mac }) => mac === 'sha1',
  SHA1: ({ mac }) => mac === 'sha1',
  SHA256: ({ mac }) => mac === 'sha256',
  SHA384: ({ mac }) => mac === 'sha384',
};
const ALIASES: Readonly<Record<string, string>> = { EECDH: 'ECDHE', kEECDH: 'kECDHE' };

function matches(suite: Suite, word: string): boolean {
  if (suite.name === word || suite.standardName === word) return true;
  const known = ALIASES[word] ?? word;
  return Object.hasOwn(WORDS, known) && WORDS[known]?.(suite) === true;
}

/** In the order of the list. The names of TLS 1.3 are in a list of their own. */
export function readCipherList(list: string): Suite[] {
  let chosen: Suite[] = [];
  const killed = new Set<Suite>();
  const all = SUITES.filter(({ version }) => version === TLS12);
  for (const item of list.split(/[:, ;]+/)) {
    // Behind an @ the level of security is set (`readSecurityLevel`), or the order by strength, which is that of the table.
    const [, sign = '', rest = ''] = /^([!+-]?)([^@]*)/.exec(item) ?? [];
    if (rest === '') continue;
    const words = rest.split('+');
    const found = all.filter((suite) => words.every((word) => matches(suite, word)));
    if (sign === '!') for (const suite of found) killed.add(suite);
    if (sign === '') chosen.push(...found.filter((suite) => !chosen.includes(suite)));
    else if (sign === '+')
      chosen = [...chosen.filter((one) => !found.includes(one)), ...found.filter((one) => chosen.includes(one))];
    else chosen = chosen.filter((one) => !found.includes(one));
  }
  return chosen.filter((suite) => !killed.has(suite));
}

/** Suites of TLS 1.3 by their names; null when there is an unknown one. */
export function readSuiteList(list: string): Suite[] | null {
  const suites: Suite[] = [];
  for (const name of list.split(':')) {
    const suite = SUITES.find((one) => one.version === TLS13 && one.name === name);
    // OpenSSL has two more, which are not here; and it passes over those that are not wanted.
    if (suite === undefined && !/^(!|TLS_AES_128_CCM(_8)?_SHA256$)/.test(name)) return null;
    if (suite !== undefined) suites.push(suite);
  }
  return suites;
}

/** The level that such a list sets last; undefined where it sets none. */
export function readSecurityLevel(list: string): number | undefined {
  const level = list.match(/(?<=@SECLEVEL=)[0-5]/g)?.at(-1);
  return level === undefined ? undefined : Number(level);
}
