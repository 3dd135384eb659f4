/** `npm test`: every check in turn, cheapest first; ends with one line of counts. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import type { JSONReport, JSONReportSuite } from '@playwright/test/reporter';
import { findNode } from '../runtime/library/find-node.ts';
import { findBrowser } from './browser/browser.ts';
import { ensureBuild } from './build/build.ts';

// Not in test-results/: Playwright empties that folder.
const REPORTS = 'node_modules/.cache/fixpoint/reports';
const UNIT = `${REPORTS}/unit.json`;
const END_TO_END = `${REPORTS}/e2e.json`;

const STAGES: readonly { name: string; command: string }[] = [
  { name: 'types', command: 'npx tsc' },
  { name: 'lint and format', command: 'npx biome ci --error-on-warnings .' },
  { name: 'import rules', command: 'npx depcruise --config .dependency-cruiser.cjs src' },
  { name: 'unit tests', command: `npx vitest run --reporter=default --reporter=json --outputFile.json=${UNIT}` },
  { name: 'end to end', command: 'npx playwright test' },
];

/** Resolves to the exit code: 0 only when every stage passed. */
export async function testAll(root: string): Promise<number> {
  await rm(join(root, REPORTS), { recursive: true, force: true });
  await ensureBrowser(root);
  let code = 0;
  for (const { name, command } of STAGES) {
    if (name === 'end to end') await ensureBuild(root);
    const started = Date.now();
    process.stdout.write(`\n== ${name}: ${command}\n`);
    const exit = await run(root, command);
    process.stdout.write(
      `== ${name}: ${exit === 0 ? 'ok' : `FAILED (exit code ${exit})`} in ${((Date.now() - started) / 1000).toFixed(1)} s\n`,
    );
    if (exit !== 0) code = 1;
  }
  const [unit, endToEnd] = await Promise.all([unitCounts(join(root, UNIT)), endToEndCounts(join(root, END_TO_END))]);
  for (const name of endToEnd.flaky) process.stdout.write(`\nPassed only in a second try: ${name}`);
  process.stdout.write(`\n${unit.passed + endToEnd.passed} passed, ${unit.failed + endToEnd.failed} failed\n`);
  return code;
}

function run(root: string, command: string): Promise<number> {
  return new Promise((resolve, reject) => {
    // The pinned Node runs the tools, so that the tests do not depend on the version that started them.
    const path = `${dirname(findNode(root).path)}${delimiter}${process.env.PATH}`;
    const child = spawn(command, { cwd: root, shell: true, stdio: 'inherit', env: { ...process.env, PATH: path } });
    child.on('error', reject);
    child.on('close', (exit) => resolve(exit ?? 1));
  });
}

/** Installs Debian's chromium as root where there is no browser, else says what to do. */
async function ensureBrowser(root: string): Promise<void> {
  if (findBrowser()) return;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    throw new Error(
      'The tests need Chromium or Chrome: install one (Debian: apt-get install chromium), or set CHROMIUM_PATH to its program.',
    );
  }
  process.stdout.write("No browser was found: installing Debian's chromium.\n");
  const exit = await run(
    root,
    'apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends chromium',
  );
  if (exit !== 0 || !findBrowser())
    throw new Error('Installing chromium failed: see the lines above; or set CHROMIUM_PATH to a Chromium.');
}

interface Counts {
  passed: number;
  failed: number;
}

async function readReport<T>(file: string): Promise<T | null> {
  return existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as T) : null;
}

async function unitCounts(file: string): Promise<Counts> {
  const report = await readReport<{ numPassedTests: number; numFailedTests: number }>(file);
  return { passed: report?.numPassedTests ?? 0, failed: report?.numFailedTests ?? 0 };
}

async function endToEndCounts(file: string): Promise<Counts & { flaky: string[] }> {
  const report = await readReport<JSONReport>(file);
  if (report === null) return { passed: 0, failed: 0, flaky: [] };
  const { expected, flaky, unexpected } = report.stats;
  return { passed: expected + flaky, failed: unexpected, flaky: report.suites.flatMap(flakyTests) };
}

/** `file › title` of each. */
function flakyTests({ file, specs, suites = [] }: JSONReportSuite): string[] {
  const here = specs.filter(({ tests }) => tests.some(({ status }) => status === 'flaky'));
  return [...here.map(({ title }) => `${file} › ${title}`), ...suites.flatMap(flakyTests)];
}
