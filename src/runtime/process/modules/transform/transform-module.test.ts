import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { moduleCases } from '../module-cases.test-support.ts';
import { importTransformed } from '../test-loader.test-support.ts';
import { AWAITED_VALUE, CAPTURE_CONTEXT, EVALUATED_TEXT, RESTORE_CONTEXT } from './injected-names.ts';

/** Runs in native Node and here alike: imports main.mjs and reports what was logged, and how it ended. */
const observe = `async (load) => {
  const lines = [];
  const show = (value) => typeof value === 'function' ? 'function ' + value.name
    : typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
  globalThis.log = (...values) => lines.push(values.map(show).join(' '));
  try {
    const namespace = await load();
    lines.push('exports ' + Reflect.ownKeys(namespace).map(String));
  } catch (error) {
    lines.push(error?.name + ': ' + error?.message);
  }
  await new Promise((resolve) => setTimeout(resolve, 5));
  return lines;
}`;

const root = mkdtempSync(join(tmpdir(), 'fixpoint-modules-'));
const urlOf = (name: string): string => pathToFileURL(join(root, name, 'main.mjs')).href;
let native: Record<string, string[]>;

beforeAll(() => {
  let awaited: unknown;
  Object.assign(globalThis, {
    [CAPTURE_CONTEXT]: (value: unknown) => {
      awaited = value;
    },
    [AWAITED_VALUE]: () => awaited,
    [RESTORE_CONTEXT]: (value: unknown) => value,
    [EVALUATED_TEXT]: (text: unknown) => text,
  });
  for (const [name, files] of Object.entries(moduleCases)) {
    mkdirSync(join(root, name));
    for (const [file, text] of Object.entries(files)) writeFileSync(join(root, name, file), text);
  }
  const urls = Object.keys(moduleCases).map((name) => [name, urlOf(name)]);
  const script = `const observe = ${observe}; const results = {};
    for (const [name, url] of ${JSON.stringify(urls)}) results[name] = await observe(() => import(url));
    process.stdout.write(JSON.stringify(results));`;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  native = JSON.parse(output) as Record<string, string[]>;
});

afterAll(() => rmSync(root, { recursive: true }));

describe('a transformed module behaves as a native one', () => {
  // biome-ignore lint/security/noGlobalEval: the same text runs in native Node
  const run = globalThis.eval(observe) as (load: () => Promise<object>) => Promise<string[]>;
  it.each(Object.keys(moduleCases))('%s', async (name) => {
    expect(await run(() => importTransformed(urlOf(name)))).toEqual(native[name]);
  });
});
