import { expect, it } from 'vitest';
import { createEnvironmentObject, Environment, type EnvironmentLink } from './environment.ts';

const objectOver = (environment: Environment) =>
  createEnvironmentObject(Proxy, environment) as Record<string, string | undefined>;

it('holds strings, and ignores names that setenv refuses', () => {
  const env = objectOver(new Environment());
  Object.assign(env, { A: 1, '': 'x', 'B=C': 'y' });
  expect({ ...env }).toEqual({ A: '1' });
  expect(delete env.A).toBe(true);
  expect('A' in env).toBe(false);
});

it('accepts plain definitions alone', () => {
  const env = objectOver(new Environment());
  const code = 'ERR_INVALID_OBJECT_DEFINE_PROPERTY';
  for (const wrong of [{ value: 'x' }, { configurable: false }, { get: () => 'x' }]) {
    expect(() => Object.defineProperty(env, 'A', wrong)).toThrow(expect.objectContaining({ code }));
  }
  Object.defineProperty(env, 'A', { value: 7, configurable: true, writable: true, enumerable: true });
  expect(env.A).toBe('7');
});

it('is not changed through an object that inherits from it', () => {
  const environment = new Environment();
  const env = objectOver(environment);
  env.A = '1';
  const heir = Object.create(env) as Record<string, unknown>;
  heir.A = 2;
  heir.B = 3;
  expect({ ...heir }).toEqual({ A: 2, B: 3 });
  expect({ ...env }).toEqual({ A: '1' });
});

it('sees what another thread has changed', () => {
  const shared = new Map([['A', '1']]);
  let version = 1;
  const link: EnvironmentLink = {
    get version() {
      return version;
    },
    read: () => [...shared].map(([name, value]) => `${name}=${value}`),
    write(name, value) {
      if (value === null) shared.delete(name);
      else shared.set(name, value);
      version++;
    },
  };
  const [one, other] = [new Environment(), new Environment()];
  for (const environment of [one, other]) environment.share(link);
  const [first, second] = [objectOver(one), objectOver(other)];
  first.B = '2';
  expect(Object.keys(second)).toEqual(['A', 'B']);
  delete second.A;
  expect(first.A).toBeUndefined();
  expect({ ...first }).toEqual({ B: '2' });
});
