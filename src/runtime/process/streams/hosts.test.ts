import { expect, it } from 'vitest';
import { addressesOf, namesOf, parseHosts } from './hosts.ts';

it('finds names and addresses, whatever the case, the blanks and the comments', () => {
  const hosts = parseHosts('# local\n127.0.0.1\tlocalhost  API.test # both\n\n0:0::1 localhost\nnonsense here\n');
  expect(addressesOf(hosts, 'LocalHost.')).toEqual(['127.0.0.1', '::1']);
  expect(addressesOf(hosts, 'api.test')).toEqual(['127.0.0.1']);
  expect(addressesOf(hosts, 'here')).toEqual([]);
  expect(namesOf(hosts, '127.0.0.1')).toEqual(['localhost', 'api.test']);
});
