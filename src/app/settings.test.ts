import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS, readSettings, storeSettings } from './settings.ts';

function memoryStorage() {
  const values = new Map<string, string>();
  return {
    values,
    getItem: (name: string) => values.get(name) ?? null,
    setItem: (name: string, value: string) => void values.set(name, value),
    removeItem: (name: string) => void values.delete(name),
  };
}

test('a key is stored only when it is to be remembered, and forgotten afterwards', () => {
  const storage = memoryStorage();
  storeSettings(storage, { ...DEFAULT_SETTINGS, key: 'secret' });
  expect([...storage.values.values()].join()).not.toContain('secret');
  storeSettings(storage, { ...DEFAULT_SETTINGS, key: 'secret', rememberKey: true });
  expect(readSettings(storage)).toEqual({ ...DEFAULT_SETTINGS, key: 'secret', rememberKey: true });
  storeSettings(storage, { ...DEFAULT_SETTINGS, key: 'secret' });
  expect(readSettings(storage)).toEqual(DEFAULT_SETTINGS);
});
