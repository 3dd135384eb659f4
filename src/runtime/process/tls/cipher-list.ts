/** OpenSSL's language of cipher lists (ciphers(1)), over the suites that are here. */
import { SUITES, type Suite, TLS12, TLS13 } from './engine/suites.ts';

const FORWARD_SECRET = new Set(['ecdhe', 'kecdhe', 'eecdh', 'keecdh', 'ecdh']);

/** Whether a word of the language ("AESGCM", "aRSA") is true of the suite. */
function matches(suite: Suite, word: string): boolean {
  if (suite.name === word || suite.standardName === word) return true;
  const lower = word.toLowerCase();
  if (FORWARD_SECRET.has(lower)) return true;
  switch (word) {
    case 'ALL':
    case 'DEFAULT':
    case 'COMPLEMENTOFDEFAULT':
    case 'HIGH':
    case 'FIPS':
    case 'TLSv1.2':
      return word !== 'COMPLEMENTOFDEFAULT';
    case 'aRSA':
    case 'RSA':
      return word === 'aRSA' && suite.authentication === 'rsa';
    case 'aECDSA':
    case 'ECDSA':
      return suite.authentication === 'ecdsa';
    case 'AESGCM':
      return suite.aead.endsWith('gcm');
    case 'AES':
      return suite.aead.startsWith('aes');
    case 'AES128':
      return suite.aead === 'aes-128-gcm';
    case 'AES256':
      return suite.aead === 'aes-256-gcm';
    case 'CHACHA20':
      return suite.aead === 'chacha20-poly1305';
    case 'SHA256':
    case 'SHA384':
      // Of suites without authenticated encryption only.
      return false;
    default:
      return false;
  }
}

/** In the order of the list. The names of TLS 1.3 are in a list of their own. */
export function readCipherList(list: string): Suite[] {
  let chosen: Suite[] = [];
  const killed = new Set<Suite>();
  const all = SUITES.filter(({ version }) => version === TLS12);
  for (const item of list.split(/[:, ;]+/)) {
    const [, sign = '', rest = ''] = /^([!+-]?)(.*)$/.exec(item) ?? [];
    if (rest === '' || rest.startsWith('@')) continue;
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
    // OpenSSL has two more, which are not here.
    if (suite === undefined && !/^TLS_AES_128_CCM(_8)?_SHA256$/.test(name)) return null;
    if (suite !== undefined) suites.push(suite);
  }
  return suites;
}
