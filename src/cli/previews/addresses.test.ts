import { expect, it } from 'vitest';
import { isBelowLocalhost, newPreviewId, placeOf, previewHost, translations } from './addresses.ts';

const ID = '0123456789abcdef0123';

it.each([
  [`3111.${ID}.localhost:4173`, { id: ID, port: 3111 }],
  [`80.${ID}.localhost`, { id: ID, port: 80 }],
  ['localhost:4173', undefined],
  [`${ID}.localhost:4173`, undefined],
  [`99999.${ID}.localhost`, undefined],
  [`3111.${ID}.localhost.example.com`, undefined],
  [undefined, undefined],
])('%s is the host of %j', (host, place) => {
  expect(placeOf(host)).toEqual(place);
});

it('knows the names that are no host of the application', () => {
  const names = [
    `99999.${ID}.localhost:4173`,
    `${ID}.localhost`,
    'x.LOCALHOST.:80',
    'localhost:4173',
    '127.0.0.1:4173',
    undefined,
  ];
  expect(names.map(isBelowLocalhost)).toEqual([true, true, true, false, false, false]);
});

it('makes a host of its own for each sandbox, on the port of the application', () => {
  const id = newPreviewId();
  expect(placeOf(`5.${previewHost(id, 'localhost:4173')}`)).toEqual({ id, port: 5 });
  expect(newPreviewId()).not.toBe(id);
  expect(previewHost(ID, 'localhost')).toBe(`${ID}.localhost`);
});

it.each([
  ['http://localhost:3000/a?b', `http://3000.${ID}.localhost:4173/a?b`],
  ['http://localhost', `http://80.${ID}.localhost:4173`],
  ['http://127.0.0.1:3000', `http://3000.${ID}.localhost:4173`],
  ['5; url=http://[::1]:3000/', `5; url=http://3000.${ID}.localhost:4173/`],
])('%s is %s outside', (inside, outside) => {
  const { inward, outward } = translations(`${ID}.localhost:4173`);
  expect(outward(inside)).toBe(outside);
  expect(outward(inward(outside))).toBe(outside);
});

it.each(['http://localhost.example.com/', 'https://localhost/', '/localhost:3000', 'http://example.com:3000'])(
  'leaves %s',
  (text) => {
    const { inward, outward } = translations(`${ID}.localhost:4173`);
    expect([inward(text), outward(text)]).toEqual([text, text]);
  },
);
