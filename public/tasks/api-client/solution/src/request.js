import { setTimeout as wait } from 'node:timers/promises';
import { CatalogueError } from './errors.js';

/** Makes a request and reads the JSON of the answer; a busy server (503) is asked again, at most `retries` times. */
export async function requestJson(url, { retries = 3, ...options } = {}) {
  const response = await fetch(url, options);
  const body = await response.json();
  if (response.status === 503 && retries > 0) {
    await wait(Number(response.headers.get('retry-after') ?? 1) * 1000);
    return requestJson(url, { retries: retries - 1, ...options });
  }
  if (!response.ok) throw new CatalogueError(response.status, body.error);
  return body;
}
