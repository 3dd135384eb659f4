/** The user's choices: kept on this device, never part of a session. */
import { z } from 'zod';
import { DEFAULT_LIMITS } from '../agent/limits.ts';

const limits = z.object({
  steps: z.number().int().positive(),
  attempts: z.number().int().positive(),
  seconds: z.number().positive(),
  tokens: z.number().positive(),
  cost: z.number().nonnegative(),
});

const schema = z.object({
  model: z.enum(['solver', 'openai']),
  baseUrl: z.string(),
  modelName: z.string(),
  limits,
  sandbox: z.enum(['embedded', 'hosted']),
});

export interface Settings extends z.infer<typeof schema> {
  /** Stored apart, and only when it is to be remembered. */
  readonly key: string;
  readonly rememberKey: boolean;
}

const SETTINGS = 'fixpoint-settings';
const KEY = 'fixpoint-model-key';

export const DEFAULT_SETTINGS: Settings = {
  model: 'solver',
  baseUrl: 'https://api.openai.com/v1',
  modelName: '',
  limits: DEFAULT_LIMITS,
  sandbox: 'embedded',
  key: '',
  rememberKey: false,
};

type SettingsStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** What was stored, or the defaults where it cannot be read. */
export function readSettings(storage: SettingsStorage): Settings {
  try {
    const stored = storage.getItem(SETTINGS);
    const key = storage.getItem(KEY);
    const parsed = stored === null ? DEFAULT_SETTINGS : schema.parse(JSON.parse(stored));
    return { ...DEFAULT_SETTINGS, ...parsed, key: key ?? '', rememberKey: key !== null };
  } catch (error) {
    console.warn('The stored settings could not be read; the defaults are used.', error);
    return DEFAULT_SETTINGS;
  }
}

/** Throws what the storage throws: it may be full or forbidden. */
export function storeSettings(storage: SettingsStorage, settings: Settings): void {
  const { key, rememberKey, ...rest } = settings;
  storage.setItem(SETTINGS, JSON.stringify(rest));
  if (rememberKey && key !== '') storage.setItem(KEY, key);
  else storage.removeItem(KEY);
}
