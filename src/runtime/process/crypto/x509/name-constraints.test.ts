import { generateKeyPairSync } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { attribute, extension, makeCertificate, nameOf } from '../../tls/test-certificates.ts';
import { testServices } from '../../tls/test-support.ts';
import { der, derOid, derSequence, Tag } from '../keys/der.ts';
import type { CryptoServices } from '../services.ts';
import { nativeVerdict, ownVerdict } from './test-verdicts.ts';

let services: CryptoServices;
beforeAll(async () => {
  ({ services } = await testServices());
});

const ec = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const [rootKey, middleKey, key] = [ec(), ec(), ec()];
const byRoot = { commonName: 'Root', key: rootKey };
const byMiddle = { commonName: 'Middle', key: middleKey };

const text = (tag: number) => (value: string) => der(tag, Buffer.from(value, 'latin1'));
const [email, dns, uri] = [text(0x81), text(0x82), text(0x86)];
const ip = (...bytes: number[]) => der(0x87, Uint8Array.from(bytes));
const directory = (...parts: Uint8Array[]) => der(0xa4, nameOf('', ...parts));
const other = (oid: string, value: Uint8Array) => der(0xa0, Uint8Array.from([...derOid(oid), ...der(0xa0, value)]));
const mailbox = (value: string) => other('1.3.6.1.5.5.7.8.9', der(Tag.utf8, Buffer.from(value)));
const principal = (value: string) => other('1.3.6.1.4.1.311.20.2.3', der(Tag.utf8, Buffer.from(value)));
const registered = der(0x88, derOid('1.2.3.4').subarray(2));
const organization = (name: string) => attribute('2.5.4.10', name);
const subjectEmail = (value: string, tag: number = Tag.ia5) => attribute('1.2.840.113549.1.9.1', value, tag);

type Base = Uint8Array | [base: Uint8Array, distance: Uint8Array];
function constraints(permitted: Base[], excluded: Base[] = []): Uint8Array {
  const trees = (tag: number, bases: Base[]) =>
    bases.length === 0
      ? []
      : [
          der(
            tag,
            Buffer.concat(bases.map((base) => (Array.isArray(base) ? derSequence(...base) : derSequence(base)))),
          ),
        ];
  return extension('2.5.29.30', true, derSequence(...trees(0xa0, permitted), ...trees(0xa1, excluded)));
}

interface Subject {
  commonName?: string;
  altNames?: Uint8Array[];
  attributes?: Uint8Array[];
}

const cases: [name: string, limits: Uint8Array, subject: Subject][] = [];
const add = (name: string, limits: Uint8Array, ...subjects: Subject[]) => {
  for (const [i, subject] of subjects.entries()) cases.push([`${name} (${i + 1})`, limits, subject]);
};
const named = (...altNames: Uint8Array[]): Subject => ({ altNames });

const inExample = constraints([dns('example.com')]);
add(
  'permitted hosts',
  inExample,
  named(dns('example.com')),
  named(dns('a.b.EXAMPLE.com')),
  named(dns('notexample.com')),
  named(dns('com')),
  named(dns('a.example.com'), dns('other')),
  // Of what there is no kind in the limits.
  named(ip(1, 2, 3, 4)),
  named(email('a@b')),
);
add('hosts below', constraints([dns('.example.com')]), named(dns('example.com')), named(dns('a.example.com')));
add('any host', constraints([dns('')]), named(dns('example.com')), named(dns('')));
add('no host', constraints([], [dns('')]), named(dns('example.com')), named(ip(1, 2, 3, 4)));
add(
  'excluded hosts',
  constraints([dns('com')], [dns('bad.com')]),
  named(dns('good.com')),
  named(dns('very.bad.com')),
  named(dns('example.org')),
);
add(
  'hosts in the common name',
  inExample,
  { commonName: 'example.com' },
  { commonName: 'other.org' },
  { commonName: 'single' },
  { commonName: 'two words.org' },
  { commonName: '-a.org' },
  { commonName: 'a-.org' },
  { commonName: 'a_b.org' },
  { commonName: 'a..org' },
  { commonName: 'other.org\0' },
  { commonName: 'other.org\0.example.com' },
  { commonName: 'other.org', altNames: [dns('example.com')] },
  { commonName: 'other.org', altNames: [ip(1, 2, 3, 4)] },
);
add(
  'addresses',
  constraints([ip(10, 0, 0, 0, 255, 0, 0, 0), ip(192, 168, 7, 0, 255, 255, 255, 0)]),
  named(ip(10, 200, 3, 4)),
  named(ip(192, 168, 7, 255)),
  named(ip(192, 168, 8, 1)),
  named(ip(...new Uint8Array(16))),
);
const network = [...[32, 1, 13, 184], ...new Uint8Array(12), ...[255, 255, 255, 255], ...new Uint8Array(12)];
add(
  'addresses of IPv6',
  constraints([ip(...network)], [ip(...network.slice(0, 15), 1, ...Array.from({ length: 16 }, () => 255))]),
  named(ip(32, 1, 13, 184, ...new Uint8Array(11), 9)),
  named(ip(32, 1, 13, 184, ...new Uint8Array(11), 1)),
  named(ip(32, 1, 13, 185, ...new Uint8Array(11), 9)),
);
add('a network of a wrong length', constraints([ip(10, 0, 0, 0)]), named(ip(10, 0, 0, 0)));
add(
  'mailboxes of a host',
  constraints([email('example.com')]),
  named(email('me@EXAMPLE.com')),
  named(email('me@a.example.com')),
  named(email('example.com')),
  { attributes: [subjectEmail('me@example.com')] },
  { attributes: [subjectEmail('me@example.org')] },
  { attributes: [subjectEmail('me@example.com', Tag.utf8)] },
  named(mailbox('ich@example.com')),
  named(mailbox('ich@example.org')),
  named(mailbox('ich')),
);
add(
  'mailboxes of hosts below',
  constraints([email('.example.com')]),
  named(email('me@example.com')),
  named(email('me@a.example.com')),
);
add(
  'one mailbox',
  constraints([email('me@example.com')], [email('you@example.com')]),
  named(email('me@example.COM')),
  named(email('ME@example.com')),
  named(email('we@example.com')),
);
add(
  'addresses of the web',
  constraints([uri('example.com')]),
  named(uri('https://example.com')),
  named(uri('https://EXAMPLE.com:80/x')),
  named(uri('https://example.com/x:y')),
  named(uri('https://a.example.com/x')),
  named(uri('mailto:a@example.com')),
  named(uri('https://:80')),
  named(uri('https://')),
  named(uri('https:///x')),
  named(uri('https://me@example.com/')),
  named(uri('https://me:secret@example.com/')),
  named(uri('https://example.com?x')),
  named(uri('https://example.com#x')),
  named(uri('https://[::1]/')),
);
add(
  'addresses of the web below',
  constraints([uri('.example.com')]),
  named(uri('x://example.com')),
  named(uri('x://a.example.com/')),
);
add(
  'distinguished names',
  constraints([directory(organization('Some  Org'))]),
  { commonName: '', attributes: [organization('some org'), attribute('2.5.4.3', 'me')] },
  { commonName: '', attributes: [organization('other org'), attribute('2.5.4.3', 'me')] },
  { commonName: 'me', attributes: [organization('some org')] },
  { commonName: '', altNames: [dns('a')] },
  { commonName: '', altNames: [directory(organization('Some Org'))] },
  { commonName: '', altNames: [directory(organization('Another'))] },
);
add('an excluded name', constraints([], [directory(organization('X'))]), {
  commonName: '',
  attributes: [organization('x')],
});
add('every name', constraints([directory()]), { commonName: 'me' });
add(
  'names of other kinds',
  constraints([principal('a')]),
  named(principal('a')),
  named(mailbox('a@b')),
  named(registered),
);
add('registered names', constraints([registered]), named(registered), named(dns('a')));
add(
  'a distance',
  constraints([[dns('example.com'), der(0x80, Uint8Array.of(1))]]),
  named(dns('example.com')),
  named(ip(1, 2, 3, 4)),
);
add('a distance of zero', constraints([[dns('example.com'), der(0x80, Uint8Array.of(0))]]), named(dns('example.com')));
add('a greatest distance', constraints([[dns('example.com'), der(0x81, Uint8Array.of(0))]]), named(dns('example.com')));

describe.each(['Root', 'Middle'])('limits of %s', (limited) => {
  const limits = (name: string, list: Uint8Array) => (name === limited ? [list] : []);
  test.each(cases)('%s', async (_name, list, subject) => {
    const root = makeCertificate({ ...byRoot, isAuthority: true, extensions: limits('Root', list) });
    const middle = makeCertificate({
      ...byMiddle,
      issuer: byRoot,
      isAuthority: true,
      extensions: limits('Middle', list),
    });
    const leaf = makeCertificate({ commonName: 'me', key, issuer: byMiddle, ...subject });
    const one = { key, sent: leaf + middle, trusted: root };
    expect(ownVerdict(services, one)).toBe(await nativeVerdict(one));
  });
});

test('what an authority gives itself is not limited', async () => {
  const list = constraints([directory(organization('Org'))]);
  const root = makeCertificate({ ...byRoot, isAuthority: true, extensions: [list] });
  const renewed = makeCertificate({ commonName: 'Root', key: middleKey, issuer: byRoot, isAuthority: true });
  const byRenewed = { commonName: 'Root', key: middleKey };
  const leaf = makeCertificate({ commonName: '', key, issuer: byRenewed, attributes: [organization('org')] });
  const one = { key, sent: leaf + renewed, trusted: root };
  expect(ownVerdict(services, one)).toBe('good');
  expect(await nativeVerdict(one)).toBe('good');
});
