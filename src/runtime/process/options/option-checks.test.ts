import { expect, it } from 'vitest';
import { checkOptions } from './option-checks.ts';

it('refuses what nothing here can do, and leaves the rest alone', () => {
  for (const name of ['--permission', '--build-snapshot']) {
    expect(checkOptions({ [name]: true }, [])).toEqual([expect.stringContaining(`${name} is not available`)]);
  }
  expect(checkOptions({ '--permission': false, '--build-snapshot': false, '--test': true }, [])).toEqual([]);
});
