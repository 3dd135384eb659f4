/** curl for HTTP on the sandbox's loopback. */
import { S_IFMT, S_IFREG } from '../../kernel/file-modes.ts';
import { errorCode } from '../errors.ts';
import { readWholeText } from '../utilities/inputs.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import type { Connection, Head } from './connection.ts';
import { headerOf } from './connection.ts';
import { CookieJar } from './cookies.ts';
import type { CurlBody } from './curl-body.ts';
import { readCurlConfig } from './curl-config.ts';
import { type CurlCommand, parseCurl } from './curl-options.ts';
import { Output, outputOf } from './curl-output.ts';
import { CURL_VERSION, CurlSettings } from './curl-settings.ts';
import { type Exchange, exchange, type HttpRequest, type Listener, readUrl, redirectOf } from './exchange.ts';
import { CertificateError, HttpError } from './http-error.ts';
import { expandUrl } from './url-glob.ts';
import { METER_HEAD, meterLine, newResult, type TransferResult, writeOut } from './write-out.ts';

const WRITE_NEW = 0o1101;
const TRY_HELP = "curl: try 'curl --help' or 'curl --manual' for more information";
const MORE_DETAILS = `More details here: https://curl.se/docs/sslcerts.html

curl failed to verify the legitimacy of the server and therefore could not
establish a secure connection to it. To learn more about this situation and
how to fix it, please visit the web page mentioned above.
`;
const TRANSIENT = new Set([408, 429, 500, 502, 503, 504]);

export const curl: Utility = async (context) => {
  const given = await readPipedConfigs(context);
  const { commands, problem } = parseCurl(context.args, (name) => given.get(name) ?? readConfigFile(context, name));
  if (problem) {
    await context.stderr.line(`curl: ${problem.message}\n${TRY_HELP}`);
    return problem.status;
  }
  if (commands.some((command) => new CurlSettings(command).has('version'))) {
    await context.stdout.line(`curl ${CURL_VERSION} (the sandbox's own)\nProtocols: http https`);
    return 0;
  }
  if (commands.some(({ urls }) => urls.length === 0)) {
    await context.stderr.line(TRY_HELP);
    return 2;
  }
  let status = 0;
  for (const command of commands) status = await runCommand(context, command);
  return status;
};

/** Options of `-K` that come from stdin or a pipe: they are read before the others are looked at. */
async function readPipedConfigs(context: UtilityContext): Promise<Map<string, string[]>> {
  const read = new Map<string, string[]>();
  for (const [index, name] of context.args.entries()) {
    if (!/^(?:-\w*K|--config)$/.test(context.args[index - 1] ?? '')) continue;
    const stat = name === '-' ? null : context.sys.call('statOrNull', context.resolve(name), true);
    if (name === '-' || (stat && (stat.mode & S_IFMT) !== S_IFREG))
      read.set(name, readCurlConfig(await readWholeText(context, name)));
  }
  return read;
}

function readConfigFile(context: UtilityContext, name: string): string[] | undefined {
  const path = context.resolve(name);
  if (!context.sys.call('statOrNull', path, true)) return undefined;
  return readCurlConfig(new TextDecoder().decode(context.sys.call('readFile', path)));
}

async function runCommand(context: UtilityContext, command: CurlCommand): Promise<number> {
  const { env } = context;
  const settings = new CurlSettings(command, env.get('CURL_CA_BUNDLE') || env.get('SSL_CERT_FILE'));
  const jar = readJar(context, settings);
  let status = 0;
  for (const [index, text] of command.urls.entries()) {
    const urls = settings.has('globoff') ? [{ url: text, parts: [] }] : expandUrl(text);
    for (const { url, parts } of urls)
      status = await new Transfer(context, settings, { place: { text: url, index, parts }, jar }).run();
  }
  const kept = settings.last('cookie-jar');
  if (kept === '-') await context.stdout.write(String(jar));
  else if (kept !== undefined && jar) writeWhole(context, context.resolve(kept), String(jar));
  return status;
}

/** The cookies that outlive a request: there are some only where a file is named, to read or to write. */
function readJar(context: UtilityContext, settings: CurlSettings): CookieJar | undefined {
  const { files } = settings.cookies();
  if (files.length === 0 && !settings.has('cookie-jar')) return undefined;
  const jar = new CookieJar();
  for (const file of files) {
    const path = context.resolve(file);
    if (file !== '' && context.sys.call('statOrNull', path, true))
      jar.read(new TextDecoder().decode(context.sys.call('readFile', path)));
  }
  return jar;
}

function writeWhole({ sys }: UtilityContext, path: string, text: string): void {
  const fd = sys.call('open', path, WRITE_NEW, 0o666);
  try {
    for (let rest: Uint8Array = new TextEncoder().encode(text); rest.length > 0; )
      rest = rest.subarray(sys.call('write', fd, rest, null));
  } finally {
    sys.call('close', fd);
  }
}

interface Place {
  text: string;
  /** Of the address on the command line. */
  index: number;
  /** What its patterns stand for. */
  parts: readonly string[];
}

/** One URL of the command line. */
class Transfer {
  readonly #context: UtilityContext;
  readonly #settings: CurlSettings;
  readonly #place: Place;
  readonly #jar: CookieJar | undefined;
  readonly #result: TransferResult;
  #connection: Connection | undefined;
  #dump: Output | undefined;
  #expired = false;
  /** Where a transfer goes on that was begun before. */
  #offset = 0;

  constructor(
    context: UtilityContext,
    settings: CurlSettings,
    { place, jar }: { place: Place; jar: CookieJar | undefined },
  ) {
    this.#jar = jar;
    this.#context = context;
    this.#settings = settings;
    this.#place = place;
    this.#result = newResult(place.text, place.index);
  }

  /** curl's exit code. */
  async run(): Promise<number> {
    const retries = this.#settings.number('retry', 0);
    for (let tries = 0; ; tries += 1) {
      const failure = await this.#attempt();
      const pause = this.#settings.number('retry-delay', 2 ** tries);
      const reason = tries < retries ? this.#retryReason(failure) : undefined;
      if (reason === undefined) return await this.#report(failure);
      const left = retries - tries;
      await this.#tell(
        `Warning: Problem: ${reason}. Will retry in ${pause} ${pause === 1 ? 'second' : 'seconds'}. ${left} ${left === 1 ? 'retry' : 'retries'} left.`,
      );
      await sleep(pause * 1000, this.#context.signal);
    }
  }

  #retryReason(failure: HttpError | undefined): string | undefined {
    if (failure?.status === 28) return 'timeout';
    if (failure?.status === 7 && this.#settings.has('retry-connrefused', 'retry-all-errors')) {
      return 'connection refused';
    }
    if (TRANSIENT.has(this.#result.head?.status ?? 0)) return 'HTTP error';
    return failure && this.#settings.has('retry-all-errors') ? '(retrying all errors)' : undefined;
  }

  async #report(failure: HttpError | undefined): Promise<number> {
    const { stderr, stdout } = this.#context;
    const settings = this.#settings;
    if (failure && (!settings.has('silent') || settings.has('show-error'))) {
      await stderr.print(`curl: (${failure.status}) ${failure.message}\n`);
      if (failure instanceof CertificateError) await stderr.print(MORE_DETAILS);
    }
    this.#result.failure = failure;
    const format = settings.last('write-out');
    if (format !== undefined) {
      const written = writeOut(await this.#readFormat(format), this.#result);
      if (written.unknown !== undefined)
        await stderr.print(`curl: unknown --write-out variable: '${written.unknown}'\n`);
      await stdout.write(written.stdout);
      await stderr.write(written.stderr);
    }
    return failure?.status ?? 0;
  }

  async #readFormat(format: string): Promise<string> {
    if (!format.startsWith('@')) return format;
    return await readWholeText(this.#context, format.slice(1));
  }

  async #tell(text: string): Promise<void> {
    if (!this.#settings.has('silent')) await this.#context.stderr.print(`${text}\n`);
  }

  /** What went wrong, if anything did. */
  async #attempt(): Promise<HttpError | undefined> {
    const settings = this.#settings;
    const seconds = settings.number('max-time', 0);
    const expire = () => {
      this.#expired = true;
      this.#connection?.close();
    };
    const timer = seconds > 0 ? setTimeout(expire, seconds * 1000) : undefined;
    const stop = () => this.#connection?.close();
    this.#context.signal.addEventListener('abort', stop);
    this.#expired = false;
    this.#result.started = performance.now();
    try {
      await this.#transfer();
      return undefined;
    } catch (error) {
      return this.#asFailure(error);
    } finally {
      clearTimeout(timer);
      this.#context.signal.removeEventListener('abort', stop);
      this.#connection?.close();
      this.#dump?.close();
      this.#result.ended = performance.now();
    }
  }

  #asFailure(error: unknown): HttpError {
    this.#context.signal.throwIfAborted();
    if (this.#expired) {
      const { started, size, head } = this.#result;
      const length = head && headerOf(head, 'content-length');
      const time = Math.round(performance.now() - started);
      const bytes = length === undefined ? `${size} bytes` : `${size} out of ${length} bytes`;
      return new HttpError(28, `Operation timed out after ${time} milliseconds with ${bytes} received`);
    }
    if (error instanceof HttpError) return error;
    if (errorCode(error) === 'EPIPE') return new HttpError(23, 'Failed writing body');
    throw error;
  }

  async #transfer(): Promise<void> {
    const settings = this.#settings;
    const url = readUrl(this.#place.text);
    const body = await settings.body(this.#context);
    const output = outputOf(this.#context, settings, { url, index: this.#place.index, parts: this.#place.parts });
    const dump = settings.last('dump-header');
    this.#dump = dump === undefined ? undefined : new Output(this.#context, dump);
    this.#result.file = output.file;
    this.#offset = this.#resumesAt(output);
    if (this.#offset > 0) output.append();
    const showsMeter =
      !settings.has('silent', 'no-progress-meter', 'progress-bar') &&
      (output.file !== undefined || this.#context.stdout.descriptor?.kind !== 'tty');
    if (showsMeter && this.#place.index === 0) await this.#context.stderr.print(METER_HEAD);
    try {
      const last = await this.#follow(url, body, output);
      await this.#receive(last, output);
    } finally {
      output.close();
      if (showsMeter) await this.#context.stderr.print(`\r${meterLine(this.#result)}\n`);
    }
  }

  /** The exchange after all redirects. */
  async #follow(url: URL, body: CurlBody | undefined, output: Output): Promise<Exchange> {
    const settings = this.#settings;
    const limit = settings.number('max-redirs', 50);
    const whole = settings.request(url, body, this.#cookies(url));
    let request = this.#offset > 0 ? resumed(whole, this.#offset) : whole;
    for (;;) {
      const done = await exchange(this.#context, request, this.#listener(output));
      this.#connection = done.connection;
      this.#result.head = done.head;
      this.#result.answered = performance.now();
      this.#jar?.receive(request.url, done.head.headers);
      this.#result.request = request;
      this.#result.headSize += done.head.raw.length;
      this.#result.connection = done.connection;
      await this.#showHead(done.head, output);
      const next = redirectOf(done);
      this.#result.redirect = next;
      if (!next || !settings.has('location', 'location-trusted')) return done;
      for await (const chunk of done.connection.body(done.head, request.method)) void chunk;
      done.connection.close();
      if (this.#result.redirects >= limit) throw new HttpError(47, `Maximum (${limit}) redirects followed`);
      this.#result.redirects += 1;
      request = this.#redirected(request, next, done.head.status);
    }
  }

  /** After 301, 302 and 303 a POST becomes a GET, unless `-X` said otherwise. */
  #redirected(request: HttpRequest, next: URL, status: number): HttpRequest {
    const stays = this.#settings.has(`post${status}`);
    const posts = request.method === 'POST' || (request.body !== undefined && !this.#settings.has('upload-file'));
    const drops = posts ? status < 304 && !stays : status === 303 && request.method !== 'HEAD';
    const asGet = drops && !this.#settings.has('request');
    const sent = request.headers.find(([name]) => name === 'Cookie');
    const cookies = this.#cookies(next);
    const others = request.headers.filter(
      ([name]) => name !== 'Cookie' && !(drops && /^content-(length|type)$/i.test(name)),
    );
    const carried = this.#jar ? cookies : sent?.[1];
    const headers = [...others, ...(carried === undefined ? [] : [['Cookie', carried] as const])].map(
      ([name, value]): [string, string] => [name, name === 'Host' ? next.host : value],
    );
    const method = asGet ? 'GET' : request.method;
    return { ...request, target: undefined, method, url: next, headers, body: drops ? undefined : request.body };
  }

  #cookies(url: URL): string | undefined {
    const parts = [this.#jar?.headerFor(url), this.#settings.cookies().text].filter((part) => part !== undefined);
    return parts.length === 0 ? undefined : parts.join('; ');
  }

  async #showHead(head: Head, output: Output): Promise<void> {
    const settings = this.#settings;
    if (settings.has('verbose')) {
      await this.#context.stderr.print(eachLine('< ', head.raw));
    }
    await this.#dump?.write(head.raw);
    if (settings.has('include', 'head')) await output.write(head.raw);
  }

  #listener(output: Output): Listener {
    const { stderr } = this.#context;
    const keep = (connection: Connection) => {
      this.#result.connected = performance.now();
      this.#connection = connection;
      return undefined;
    };
    if (!this.#settings.has('verbose')) {
      return { onConnected: keep, onInterim: (head) => this.#showHead(head, output) };
    }
    return {
      onConnecting: (_host, addresses, port) => {
        const [first = ''] = addresses;
        return stderr.print(`*   Trying ${first.includes(':') ? `[${first}]` : first}:${port}...\n`);
      },
      onConnected: (connection) => {
        keep(connection);
        const { address, port } = connection.remote;
        return stderr.print(`* Connected to ${this.#host()} (${address}) port ${port} (#0)\n`);
      },
      onSent: (text) => stderr.print(eachLine('> ', text)),
      onInterim: (head) => this.#showHead(head, output),
    };
  }

  /** `-C`: a number of bytes, or as many as the file has that is written. */
  #resumesAt({ file }: Output): number {
    const at = this.#settings.last('continue-at');
    if (at === undefined) return 0;
    if (at !== '-') return Number(at) || 0;
    return file === undefined
      ? 0
      : (this.#context.sys.call('statOrNull', this.#context.resolve(file), true)?.size ?? 0);
  }

  #host(): string {
    return readUrl(this.#place.text).hostname;
  }

  async #receive({ connection, head, request }: Exchange, output: Output): Promise<void> {
    const settings = this.#settings;
    const failure =
      head.status >= 400 ? new HttpError(22, `The requested URL returned error: ${head.status}`) : undefined;
    // There is nothing behind what is here already.
    if (this.#offset > 0 && head.status === 416) return;
    if (failure && settings.has('fail')) throw failure;
    if (this.#offset > 0 && head.status === 200)
      throw new HttpError(33, "HTTP server doesn't seem to support byte ranges. Cannot resume.");
    // With `-I` the body is not read, whatever is asked for.
    const method = this.#settings.has('head') ? 'HEAD' : request.method;
    for await (const chunk of this.#decoded(head, connection.body(head, method))) {
      this.#result.size += chunk.length;
      await output.write(chunk);
    }
    await output.finish();
    if (settings.has('verbose')) {
      await this.#context.stderr.print(`* Connection #0 to host ${request.url.hostname} left intact\n`);
    }
    if (failure && settings.has('fail-with-body')) throw failure;
  }

  #decoded(head: Head, chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    const encoding = headerOf(head, 'content-encoding');
    if (!this.#settings.has('compressed') || (encoding !== 'gzip' && encoding !== 'deflate')) return chunks;
    return decompress(chunks, encoding);
  }
}

function resumed(request: HttpRequest, offset: number): HttpRequest {
  const headers = request.headers.filter(([name]) => name.toLowerCase() !== 'range');
  headers.splice(1, 0, ['Range', `bytes=${offset}-`]);
  return { ...request, headers };
}

async function* decompress(
  chunks: AsyncIterable<Uint8Array>,
  encoding: 'gzip' | 'deflate',
): AsyncGenerator<Uint8Array> {
  const { readable, writable } = new DecompressionStream(encoding);
  const writer = writable.getWriter();
  const writing = (async () => {
    for await (const chunk of chunks) await writer.write(chunk.slice());
    await writer.close();
  })();
  // Of a failure the reader learns too.
  writing.catch((error: unknown) => writer.abort(error));
  const reader = readable.getReader();
  let began = false;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      began = true;
      yield part.value;
    }
    await writing;
  } catch (error) {
    // The browser tells of bad data so; of a broken connection `chunks` tells.
    if (!(error instanceof TypeError)) throw error;
    if (!began) throw new HttpError(61, 'Error while processing content unencoding: incorrect header check');
    // What is cut off is taken as it came.
    if (!/truncated/i.test(error.message)) throw new HttpError(23, 'Failed reading the chunked-encoded stream');
  }
}

async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  signal.addEventListener('abort', () => resolve(), { once: true });
  await promise;
  clearTimeout(timer);
  signal.throwIfAborted();
}

/** A carriage return ends no line. */
const eachLine = (mark: string, text: string): string => text.replace(/[^\n]*\n|[^\n]+$/g, `${mark}$&`);
