/** A program on a terminal of the sandbox, driven through the unmodified client as a page with a terminal emulator does. */
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import type * as Client from '@webcontainer/api';

interface TerminalPage {
  WEBCONTAINER_API_IFRAME_URL: string;
  terminal: {
    screen: string;
    exitCode: number | null;
    type(text: string): Promise<void>;
    resize: Client.WebContainerProcess['resize'];
  };
}

export interface Terminal {
  type(text: string): Promise<void>;
  /** Waits until the text is shown, behind what was waited for before. */
  shows(text: string): Promise<void>;
  resize(cols: number, rows: number): Promise<void>;
  /** All that was shown, once the program has ended, and its exit code. */
  end(): Promise<{ screen: string; exitCode: number }>;
}

const CLIENT = join(process.cwd(), 'node_modules/@webcontainer/api/dist');

/** Boots a sandbox with these files and starts the program on a terminal of 80 columns and 24 rows. */
export async function openTerminal(
  page: Page,
  command: string[],
  files: Record<string, string> = {},
): Promise<Terminal> {
  await page.route('**/__client/**', (route) =>
    route.fulfill({ path: join(CLIENT, new URL(route.request().url()).pathname.slice('/__client/'.length)) }),
  );
  await page.goto('/command.html');
  await page.evaluate(start, { command, files });
  let seen = 0;
  return {
    type: (text) => page.evaluate((typed) => (globalThis as unknown as TerminalPage).terminal.type(typed), text),
    async shows(text) {
      const screen = () => page.evaluate(() => (globalThis as unknown as TerminalPage).terminal.screen);
      await expect.poll(async () => (await screen()).slice(seen)).toContain(text);
      seen = (await screen()).indexOf(text, seen) + text.length;
    },
    resize: (cols, rows) =>
      page.evaluate((size) => (globalThis as unknown as TerminalPage).terminal.resize(size), { cols, rows }),
    async end() {
      const state = () =>
        page.evaluate(() => {
          const { screen, exitCode } = (globalThis as unknown as TerminalPage).terminal;
          return { screen, exitCode };
        });
      await expect.poll(async () => (await state()).exitCode).not.toBeNull();
      const { screen, exitCode } = await state();
      return { screen, exitCode: exitCode ?? -1 };
    },
  };
}

/** Runs in the page. */
async function start({ command, files }: { command: string[]; files: Record<string, string> }): Promise<void> {
  const scope = globalThis as unknown as TerminalPage;
  scope.WEBCONTAINER_API_IFRAME_URL = `${location.origin}/headless`;
  const url = '/__client/index.js';
  const { WebContainer } = (await import(url)) as typeof Client;
  const container = await WebContainer.boot();
  await container.mount(
    Object.fromEntries(Object.entries(files).map(([name, contents]) => [name, { file: { contents } }])),
  );
  const [program = '', ...args] = command;
  const env = { NODE_REPL_HISTORY: '' };
  const process = await container.spawn(program, args, { terminal: { cols: 80, rows: 24 }, env });
  const input = process.input.getWriter();
  const terminal: TerminalPage['terminal'] = {
    screen: '',
    exitCode: null,
    type: (text) => input.write(text),
    resize: (size) => process.resize(size),
  };
  scope.terminal = terminal;
  const shown = process.output.pipeTo(
    new WritableStream({
      write(text) {
        terminal.screen += text;
      },
    }),
  );
  void process.exit.then(async (code) => {
    await shown;
    terminal.exitCode = code;
  });
}
