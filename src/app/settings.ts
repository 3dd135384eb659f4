/** The user's choices: kept on this device, never part of a session. */
import { z } from 'zod';
import { DEFAULT_DEADLINES, DEFAULT_LIMITS } from '../agent/limits/limits.ts';
import { MODES } from '../agent/policy/modes.ts';
import { TOOL_MODES } from '../model/tool-modes.ts';

/** What lint and types may decide of a run: nothing and not run, shown as information, or must not get worse. */
export const CHECK_USES = ['off', 'show', 'require'] as const;
export type CheckUse = (typeof CHECK_USES)[number];
const NO_CHECKS = { lint: 'off', types: 'off' } as const;

const NO_ROLE_MODELS = { planner: '', executor: '', reviewer: '' };

const limits = z.object({
  steps: z.number().int().positive(),
  attempts: z.number().int().positive(),
  seconds: z.number().positive(),
  tokens: z.number().positive(),
  cost: z.number().nonnegative(),
  commandSeconds: z.number().positive().default(DEFAULT_DEADLINES.commandSeconds),
  testSeconds: z.number().positive().default(DEFAULT_DEADLINES.testSeconds),
});

// What was added later has a default: settings that were stored before are still read.
const schema = z.object({
  model: z.enum(['solver', 'openai', 'person']),
  baseUrl: z.string(),
  modelName: z.string(),
  /** Of the models for single roles, on the same server; empty: the model of the run. */
  roleModels: z.object({ planner: z.string(), executor: z.string(), reviewer: z.string() }).default(NO_ROLE_MODELS),
  /** A composed name: "tree+review". */
  strategy: z.string().default('loop'),
  candidates: z.number().int().min(2).max(8).default(3),
  /** How the model calls tools. */
  tools: z.enum(TOOL_MODES).default('auto'),
  /** Tokens that the model's window holds; null: what its server or a table says. */
  contextWindow: z.number().int().positive().nullable().default(null),
  checks: z.object({ lint: z.enum(CHECK_USES), types: z.enum(CHECK_USES) }).default(NO_CHECKS),
  mode: z.enum(MODES).default('confirm-risky'),
  /** Patterns of commands that were allowed for always. */
  allowed: z.array(z.string()).default([]),
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
  roleModels: NO_ROLE_MODELS,
  strategy: 'loop',
  candidates: 3,
  tools: 'auto',
  contextWindow: null,
  checks: NO_CHECKS,
  mode: 'confirm-risky',
  allowed: [],
  limits: { ...DEFAULT_LIMITS, ...DEFAULT_DEADLINES },
  sandbox: 'embedded',
  key: '',
  rememberKey: false,
};

type SettingsStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** Touches the storage at each call only: where the browser forbids it, the mere access throws. */
export const deviceStorage: SettingsStorage = {
  getItem: (name) => localStorage.getItem(name),
  setItem: (name, value) => localStorage.setItem(name, value),
  removeItem: (name) => localStorage.removeItem(name),
};

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
