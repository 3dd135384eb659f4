/** Why a request got no answer, read out of the words of the system. Browsers give none: there only guesses are left. */

export type UnreachableProblem = 'nothing-listening' | 'unknown-host' | 'address' | 'tls' | 'no-api' | 'unreachable';

export interface WhyUnreachable {
  readonly problem: UnreachableProblem;
  /** A sentence or two, for a person. */
  readonly said: string;
}

type Reason = readonly [pattern: RegExp, problem: UnreachableProblem, say: (host: string, message: string) => string];

/** Node's words, which the relay of the command line hands on. The first that fits counts. */
const REASONS: readonly Reason[] = [
  [/ECONNREFUSED/, 'nothing-listening', (host) => `Nothing listens at ${host}: start the server, or check the port.`],
  [/bad port/, 'address', (host) => `No program may be asked at ${host}: the port is reserved.`],
  [/ENOTFOUND|EAI_AGAIN/, 'unknown-host', (host) => `There is no host "${host}", or there is no network.`],
  [/wrong version|EPROTO|packet length|SSL routines/i, 'tls', (host) => `${host} does not speak https: try http://.`],
  [
    /certificate|CERT_|self.signed|ERR_TLS|altnames/i,
    'tls',
    (host, message) => `The certificate of ${host} is not trusted: ${message}`,
  ],
  [
    /HTTP\/1\.1 protocol|HPE_|parse error|Expected HTTP/i,
    'no-api',
    (host) => `What listens at ${host} does not speak HTTP: is the port right?`,
  ],
  [/headers? overflow/i, 'no-api', (host) => `The headers of the answer of ${host} are too long to be read.`],
  [/redirect count/i, 'no-api', (host) => `${host} redirects without end: is the address right?`],
  [
    /other side closed|ECONNRESET|socket hang up|EPIPE|socket.*(ended|closed)/i,
    'unreachable',
    (host) =>
      `${host} closed the connection without an answer: a server that crashes, or that wants the other of http and https.`,
  ],
  [
    /CONNECT_TIMEOUT|ETIMEDOUT|connect timeout/i,
    'unreachable',
    (host) => `${host} cannot be reached, for it does not answer: a wrong address, a firewall or a proxy.`,
  ],
  [/E(HOST|NET)(UNREACH|DOWN)/, 'unreachable', (host) => `${host} cannot be reached: there is no way to its network.`],
];

/** All that a browser's page hears, in the words of Chromium, Firefox and Safari. */
const SILENCE = /^(failed to fetch|networkerror when attempting to fetch resource\.?|load failed|network error)$/i;

/** Null when it is a browser's page that cannot know. */
export function whyUnreachable(host: string, message: string): WhyUnreachable | null {
  const found = REASONS.find(([pattern]) => pattern.test(message));
  if (found) return { problem: found[1], said: found[2](host, message) };
  return SILENCE.test(message.trim())
    ? null
    : { problem: 'unreachable', said: `${host} cannot be reached: ${message || 'the system does not say why.'}` };
}

/** The words of the system in what `fetch` threw: in its cause, or, where several addresses were tried, in the errors of that. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  const inner = cause instanceof AggregateError ? cause.errors.map(reasonOf).join('; ') : '';
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  const said = cause.message || inner || code || error.message;
  return code === '' || said.includes(code) ? said : `${said} (${code})`;
}
