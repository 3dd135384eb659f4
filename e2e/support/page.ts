/** What a user of the page does, in their words. */
import { expect, type Locator, type Page } from '@playwright/test';

/** A run boots the sandbox and runs the tests several times: minutes on a slow machine. */
export const RUN = { timeout: 400_000 };

export const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
export const panel = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
export const attempts = (page: Page) => page.getByRole('tree', { name: 'Attempts' }).getByRole('treeitem');
export const run = (page: Page, number: number) => page.getByRole('region', { name: `Run ${number}`, exact: true });
export const calls = (page: Page) => panel(page, 'Steps').getByRole('log').locator('details.call');

/** Opens the page and waits for its first task. */
export async function openPage(page: Page, path = '/'): Promise<void> {
  await page.goto(path);
  await expect(button(page, 'Run')).toBeEnabled(RUN);
}

/** Presses Run and waits until the first run ended as solved. */
export async function solve(page: Page): Promise<void> {
  await button(page, 'Run').click();
  await expect(run(page, 1).getByText('Solved', { exact: true })).toBeVisible(RUN);
  await expect(button(page, 'Run')).toBeEnabled();
}

/** The address that the share dialog shows. */
export async function shareLink(page: Page): Promise<string> {
  await button(page, 'Share').click();
  const link = page.getByRole('dialog').getByRole('textbox', { name: 'Link' });
  await expect(link).toHaveValue(/#s1=/);
  const address = await link.inputValue();
  await button(page, 'Close').click();
  return address;
}

/** What the editor shows: it draws spaces as no-break spaces. */
export async function codeOf(editor: Locator): Promise<string> {
  return (await editor.innerText()).replaceAll('\u00a0', ' ');
}

interface ServerSettings {
  readonly baseUrl: string;
  readonly model: string;
  readonly key: string;
}

/** Fills in the settings so that runs use an OpenAI-compatible server. */
export async function chooseServer(page: Page, { baseUrl, model, key }: ServerSettings): Promise<void> {
  await button(page, 'Settings').click();
  const dialog = page.getByRole('dialog', { name: 'Settings' });
  await dialog.getByRole('radio', { name: 'OpenAI-compatible server' }).check();
  await dialog.getByRole('textbox', { name: 'Base URL' }).fill(baseUrl);
  await dialog.getByRole('combobox', { name: 'Model name' }).fill(model);
  await dialog.getByLabel('Key', { exact: true }).fill(key);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
}
