import { isDeepStrictEqual } from 'node:util';
import { expect, test } from '@playwright/test';
import { packFolder } from '../src/cli/pack.ts';
import type { BatchResult, CommandPage, PageMessage } from '../src/cli/page-api.ts';
import { readFixtures, runNatively, withoutDurations } from './oracle.ts';

declare global {
  interface Window {
    fixpoint: CommandPage;
    fixpointEmit: (message: PageMessage) => Promise<void>;
  }
}

/** Where a batch item runs in the sandbox; see src/cli/page.ts. */
const placeOf = (id: string) => `/home/project/${id}`;

/** The sandbox must do what native Node has done in one of so many runs. */
const NATIVE_RUNS = 3;

// Each fixture runs in the sandbox and natively: stdout, stderr and exit code must be the same, durations apart.
for (const fixture of await readFixtures('e2e/fixtures/conformance')) {
  test(fixture.name, async ({ page }) => {
    const results: BatchResult[] = [];
    await page.exposeFunction('fixpointEmit', (message: PageMessage) => {
      if (message.type === 'result') results.push(message.result);
    });
    const pack = Buffer.from(await packFolder(fixture.path));
    await page.route('**/__pack/0', (route) => route.fulfill({ body: pack }));
    await page.goto('/command.html');
    await page.waitForFunction(() => 'fixpoint' in window);
    const items = fixture.commands.map((line, index) => ({
      id: `${fixture.name}-${index}`,
      pack: '/__pack/0',
      files: {},
      command: ['sh', '-c', line],
      cwd: null,
      env: {},
      timeoutSeconds: 300,
    }));
    await page.evaluate((request) => window.fixpoint.batch(request), { mounts: [], items, concurrency: 1 });
    for (const [index, line] of fixture.commands.entries()) {
      const id = `${fixture.name}-${index}`;
      const result = results.find((candidate) => candidate.id === id);
      const shape = (output: { exitCode: number; stdout: string; stderr: string }) => ({
        line,
        exitCode: output.exitCode,
        stdout: withoutDurations(output.stdout),
        stderr: withoutDurations(output.stderr),
      });
      const runAgain = async () => shape(await runNatively(fixture.path, line, placeOf(id)));
      let native = await runAgain();
      // What comes first of two that do not wait for each other is not the same every time, natively either.
      for (let run = 1; run < NATIVE_RUNS && !isDeepStrictEqual(native, result && shape(result)); run++)
        native = await runAgain();
      expect(result && shape(result)).toEqual(native);
    }
  });
}
