/** Whether a model can be used, and what is wrong when it cannot. */
import { ModelError, ToolsRefusedError } from './model.ts';
import { isNearby, type ListedModel, listModels } from './openai/context-window.ts';
import { isAboutKey } from './openai/explain.ts';
import { UnreachableError } from './openai/failures.ts';
import { isThere } from './openai/is-there.ts';
import { type Endpoint, normalizeBaseUrl, send } from './openai/send.ts';
import { ServerError } from './openai/server-error.ts';
import { whyUnreachable } from './openai/unreachable.ts';
import { createOpenAIModel } from './openai.ts';
import { headersFor, presetOf } from './presets.ts';

export type ConnectionProblem =
  | 'address'
  | 'mixed-content'
  | 'cors'
  | 'tls'
  | 'nothing-listening'
  | 'unknown-host'
  | 'unreachable'
  | 'key'
  | 'model'
  | 'no-api'
  | 'credit'
  | 'busy'
  | 'other';

export interface ConnectionReport {
  /** null: the model answers. */
  readonly problem: ConnectionProblem | null;
  /** For a person: what is wrong and what to do, or how the model can be used. */
  readonly message: string;
  /** What the server lists; empty when it lists nothing. */
  readonly models: readonly string[];
  /** Whether the model calls tools by itself; null when it was not asked. */
  readonly tools: 'native' | 'text' | 'unseen' | null;
}

export interface Connection {
  readonly baseUrl: string;
  readonly key: string;
  readonly model: string;
  /** The host's own address where `baseUrl` is a relay's. */
  readonly hostUrl?: string;
  /** Address of the page that asks; absent outside of a browser. */
  readonly pageUrl?: string;
}

/** Asks the server for its models and the model for one call of a tool. Rejects only with the signal's reason. */
export async function testConnection(connection: Connection, signal: AbortSignal): Promise<ConnectionReport> {
  const address = addressProblem(connection);
  if (address) return address;
  const listed = await listOrProblem(connection, signal);
  if ('problem' in listed) return listed;
  return await askOnce(connection, listed.models, signal);
}

const report = (
  problem: ConnectionProblem | null,
  message: string,
  more: Partial<ConnectionReport> = {},
): ConnectionReport => ({
  problem,
  message,
  models: [],
  tools: null,
  ...more,
});

function addressProblem({ baseUrl, model, pageUrl }: Connection): ConnectionReport | null {
  if (!URL.canParse(baseUrl) || !/^https?:/.test(baseUrl))
    return report('address', `"${baseUrl}" is no address: it begins with https:// or http:// and mostly ends in /v1.`);
  if (model.trim() === '') return report('model', 'Name a model.');
  const { protocol, hostname } = new URL(baseUrl);
  // Browsers take this machine for safe.
  const isSafe = protocol === 'https:' || /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
  if (pageUrl?.startsWith('https:') && !isSafe)
    return report(
      'mixed-content',
      `A page with https may not call ${protocol}//${hostname}: give the server a certificate, reach it as localhost, or run Fixpoint on this machine with npm start.`,
    );
  return null;
}

async function listOrProblem(
  connection: Connection,
  signal: AbortSignal,
): Promise<ConnectionReport | { models: readonly ListedModel[] }> {
  const { baseUrl, key, hostUrl = baseUrl } = connection;
  const endpoint: Endpoint = { baseUrl, apiKey: key, headers: headersFor(hostUrl) };
  try {
    return { models: await listModels(endpoint, signal) };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof UnreachableError) return await explainUnreachable(connection, error, signal);
    if (error instanceof ServerError && isAboutKey(error)) return report('key', keyMessage(connection));
    // Not every server has a list, and some allow it to few keys: the model itself will tell.
    if (error instanceof ModelError || error instanceof SyntaxError) return { models: [] };
    throw error;
  }
}

const keyMessage = ({ baseUrl, hostUrl = baseUrl, key }: Connection) =>
  key === '' ? `${hostUrl} wants a key.` : `${hostUrl} refuses this key: it is wrong, expired, or of another host.`;

/** A browser says nothing of why a request failed; outside of one the system does. */
async function explainUnreachable(
  connection: Connection,
  { message }: UnreachableError,
  signal: AbortSignal,
): Promise<ConnectionReport> {
  const { baseUrl, hostUrl = baseUrl, pageUrl, key } = connection;
  const host = new URL(hostUrl).host;
  const why = whyUnreachable(host, message);
  const preset = presetOf(hostUrl);
  const isOff = why?.problem === 'nothing-listening' && preset?.isLocal === true;
  if (why) return report(why.problem, isOff ? `${why.said} (${preset.name} listens there when it runs.)` : why.said);
  const note = preset?.note ?? '';
  if (pageUrl === undefined) return report('unreachable', `${host} cannot be reached.`);
  if (key !== '' && (await answersWithoutKey(baseUrl, signal)))
    return report(
      'cors',
      `${host} is there, but lets no page send a key to it (its CORS headers do not allow Authorization). ${note}`.trim(),
    );
  const origin = new URL(pageUrl).origin;
  const fromCommandLine = 'From the command line no CORS headers are needed.';
  const say = (problem: ConnectionProblem, ...parts: readonly string[]) =>
    report(problem, parts.filter((part) => part !== '').join(' '));
  if (await isThere(baseUrl, signal))
    return say(
      'cors',
      `${host} is there, but sends no CORS headers for ${origin}, so the page may not read what it says.`,
      note,
      fromCommandLine,
    );
  const { protocol } = new URL(baseUrl);
  const other = protocol === 'https:' ? 'http:' : 'https:';
  if (await isThere(baseUrl.replace(protocol, other), signal))
    return say('tls', `${host} speaks ${other}//, not ${protocol}//: change the address.`, note);
  const what = preset?.isLocal ? `${preset.name} is not running there` : 'nothing is there';
  const certificate = protocol === 'https:' ? ', or it has a certificate that is not trusted' : '';
  const look = protocol === 'https:' ? `Open ${baseUrl} in a tab: the browser says there what it does not trust.` : '';
  const ask =
    isNearby(hostUrl) && !isNearby(pageUrl)
      ? 'Browsers also ask before they let a page into the local network: allow it.'
      : '';
  return say(
    'unreachable',
    `${host} cannot be reached from this page: ${what} (wrong address, server not started, no network)${certificate}.`,
    look,
    ask,
    note,
  );
}

async function answersWithoutKey(baseUrl: string, signal: AbortSignal): Promise<boolean> {
  try {
    await send({ baseUrl, apiKey: '' }, '/models', { method: 'GET', signal });
    return true;
  } catch (error) {
    signal.throwIfAborted();
    return error instanceof ServerError;
  }
}

const PING = {
  name: 'ping',
  description: 'Tests whether tools can be called.',
  parameters: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
};

async function askOnce(
  connection: Connection,
  listed: readonly ListedModel[],
  signal: AbortSignal,
): Promise<ConnectionReport> {
  const { baseUrl, hostUrl, key, model: name } = connection;
  const models = listed.map(({ id }) => id);
  const model = createOpenAIModel({
    model: name,
    apiKey: key,
    baseUrl,
    ...(hostUrl === undefined ? {} : { hostUrl }),
    retry: { patience: 0 },
  });
  const messages = [{ role: 'user', content: 'Call the tool "ping" with the text "hello".' }] as const;
  try {
    const { message } = await model.respond({ messages, tools: [PING] }, { signal });
    const calls = message.toolCalls.length > 0;
    const said = calls
      ? `${name} answers and calls tools.`
      : `${name} answers, but called no tool when asked to: the text protocol may work better.`;
    return report(null, said, { models, tools: calls ? 'native' : 'unseen' });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ToolsRefusedError)
      return report(null, `${name} takes no tool calls: the text protocol is used.`, { models, tools: 'text' });
    if (!(error instanceof ModelError)) throw error;
    const problem = failure(error, connection, models);
    const elsewhere = models.length === 0 ? await apiBelow(connection, problem, signal) : null;
    return { ...(elsewhere ?? problem), models };
  }
}

/** Most addresses end in /v1: where it was forgotten, the API is found below. */
async function apiBelow(
  { baseUrl, hostUrl = baseUrl, key }: Connection,
  { problem }: ConnectionReport,
  signal: AbortSignal,
): Promise<ConnectionReport | null> {
  const isLeft = /\/v\d\w*(\/|$)/.test(new URL(hostUrl).pathname);
  if (isLeft || (problem !== 'no-api' && problem !== 'other')) return null;
  const below = (url: string) => `${normalizeBaseUrl(url)}/v1`;
  const endpoint: Endpoint = { baseUrl: below(baseUrl), apiKey: key, headers: headersFor(hostUrl) };
  try {
    const models = await listModels(endpoint, signal);
    return models.length === 0 ? null : report('no-api', `The API is at ${below(hostUrl)}: add /v1 to the base URL.`);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ModelError || error instanceof SyntaxError) return null;
    throw error;
  }
}

function failure(error: ModelError, connection: Connection, models: readonly string[]): ConnectionReport {
  const { cause } = error;
  const status = cause instanceof ServerError ? cause.status : null;
  const isMissing = models.length > 0 && !models.includes(connection.model);
  if (cause instanceof ServerError && isAboutKey(cause)) return report('key', keyMessage(connection));
  if (status === 402 || /no credit left/.test(error.message)) return report('credit', error.message);
  if (isMissing || (status === 404 && models.length > 0))
    return report('model', `There is no model "${connection.model}" here. ${nearest(connection.model, models)}`);
  if (status === 404 || status === 405)
    return report('no-api', `${withEnd(error.message)} Does the base URL end in /v1?`);
  if (status === 403) return report('key', error.message);
  if (status === 429 || status === 503 || status === 529) return report('busy', error.message);
  if (/is the base URL right|no chat completion/i.test(error.message)) return report('no-api', error.message);
  if (cause instanceof UnreachableError)
    return report(whyUnreachable('', cause.message)?.problem ?? 'unreachable', error.message);
  return report('other', error.message);
}

const withEnd = (text: string): string => (/[.!?)]$/.test(text) ? text : `${text}.`);

const MOST_NAMES = 12;

/** The names that are most like the wanted one. */
function nearest(wanted: string, models: readonly string[]): string {
  const parts = wanted
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
  const likeness = (name: string) => parts.filter((part) => name.toLowerCase().includes(part)).length;
  const names = models.toSorted((first, second) => likeness(second) - likeness(first)).slice(0, MOST_NAMES);
  const more = models.length - names.length;
  return `There are: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`;
}
