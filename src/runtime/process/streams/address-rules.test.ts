import { BlockList } from 'node:net';
import { expect, it } from 'vitest';
import { type AddressRule, addressRule, rangeRule, subnetRule } from './address-rules.ts';
import { addressBytes } from './addresses.ts';

const family = (address: string) => (address.includes(':') ? 'ipv6' : 'ipv4');
const PROBES =
  '1.1.1.1 ::ffff:1.1.1.1 10.0.0.5 10.0.0.9 10.0.1.1 10.255.0.1 ::1 ::2 ::ffff:10.0.0.5 2001:db8::1 2001:db8:1::ff fe80::1'.split(
    ' ',
  );

it.each<[name: string, rule: AddressRule | undefined, add: (list: BlockList) => void]>([
  ['an address', addressRule('1.1.1.1'), (list) => list.addAddress('1.1.1.1')],
  ['an IPv6 address', addressRule('::1'), (list) => list.addAddress('::1', 'ipv6')],
  ['a mapped address', addressRule('::ffff:1.1.1.1'), (list) => list.addAddress('::ffff:1.1.1.1', 'ipv6')],
  ['a range', rangeRule('10.0.0.1', '10.0.0.9'), (list) => list.addRange('10.0.0.1', '10.0.0.9')],
  ['an IPv6 range', rangeRule('::1', '2001:db8::1'), (list) => list.addRange('::1', '2001:db8::1', 'ipv6')],
  ['a subnet', subnetRule('10.0.0.0', 9), (list) => list.addSubnet('10.0.0.0', 9)],
  ['an IPv6 subnet', subnetRule('2001:db8::', 47), (list) => list.addSubnet('2001:db8::', 47, 'ipv6')],
  ['all IPv4 as IPv6', subnetRule('::ffff:0.0.0.0', 96), (list) => list.addSubnet('::ffff:0.0.0.0', 96, 'ipv6')],
])('%s reads and matches as in Node', (_name, rule, add) => {
  const list = new BlockList();
  add(list);
  expect([rule?.text]).toEqual(list.rules);
  for (const probe of PROBES) {
    expect([probe, rule?.matches(addressBytes(probe))]).toEqual([probe, list.check(probe, family(probe))]);
  }
});

it('a range that begins behind its end is none', () => {
  expect(rangeRule('10.0.0.2', '10.0.0.1')).toBeUndefined();
});
