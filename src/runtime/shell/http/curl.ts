/** curl for HTTP on the sandbox's loopback. */
import { errorCode } from '../errors.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import type { Connection, Head } from './connection.ts';
import { headerOf } from './connection.ts';
import type { CurlBody } from './curl-body.ts';
import { parseCurl } from './curl-options.ts';
import { Output, outputOf } from './curl-output.ts';
import { CURL_VERSION, CurlSettings } from './curl-settings.ts';
import { type Exchange, exchange, type HttpRequest, type Listener, readUrl, redirectOf } from './exchange.ts';
import { HttpError } from './http-error.ts';
import { METER_HEAD, meterLine, newResult, type TransferResult, writeOut } from './write-out.ts';

const TRY_HELP = "curl: try 'curl --help' or 'curl --manual' for more information";
const TRANSIENT = new Set([408, 429, 500, 502, 503, 504]);

export const curl: Utility = async (context) => {
  const command = parseCurl(context.args);
  const settings = new CurlSettings(command);
  if (command.problem !== undefined) {
    await context.stderr.line(`curl: ${command.problem}\n${TRY_HELP}`);
    return 2;
  }
  if (settings.has('version')) {
    await context.stdout.line(`curl ${CURL_VERSION} (the sandbox's own)\nProtocols: http`);
    return 0;
  }
  if (command.urls.length === 0) {
    await context.stderr.line(TRY_HELP);
    return 2;
  }
  let status = 0;
  for (const [index, text] of command.urls.entries()) {
    status = await new Transfer(context, settings, { text, index }).run();
  }
  return status;
};

/** One URL of the command line. */
class Transfer {
  readonly #context: UtilityContext;
  readonly #settings: CurlSettings;
  readonly #place: { text: string; index: number };
  readonly #result: TransferResult;
  #connection: Connection | undefined;
  #dump: Output | undefined;
  #expired = false;

  constructor(context: UtilityContext, settings: CurlSettings, place: { text: string; index: number }) {
    this.#context = context;
    this.#settings = settings;
    this.#place = place;
    this.#result = newResult(place.text);
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
    }
    this.#result.failure = failure;
    const format = settings.last('write-out');
    if (format !== undefined) {
      const written = writeOut(await this.#readFormat(format), this.#result);
      await stdout.write(written.stdout);
      await stderr.write(written.stderr);
    }
    return failure?.status ?? 0;
  }

  async #readFormat(format: string): Promise<string> {
    if (!format.startsWith('@')) return format;
    if (format === '@-') return await this.#context.stdin.text();
    return new TextDecoder().decode(this.#context.sys.call('readFile', this.#context.resolve(format.slice(1))));
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
    const output = outputOf(this.#context, settings, { url, index: this.#place.index });
    const dump = settings.last('dump-header');
    this.#dump = dump === undefined ? undefined : new Output(this.#context, dump);
    this.#result.file = output.file;
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
    let request = settings.request(url, body, this.#cookies());
    for (;;) {
      const done = await exchange(this.#context, request, this.#listener(output));
      this.#connection = done.connection;
      this.#result.head = done.head;
      this.#result.request = request;
      this.#result.headSize += done.head.raw.length;
      this.#result.connection = done.connection;
      await this.#showHead(done.head, output);
      const next = redirectOf(done);
      this.#result.redirect = next;
      if (!next || !settings.has('location')) return done;
      for await (const chunk of done.connection.body(done.head, request.method)) void chunk;
      done.connection.close();
      if (this.#result.redirects >= limit) throw new HttpError(47, `Maximum (${limit}) redirects followed`);
      this.#result.redirects += 1;
      request = this.#redirected(request, next, done.head.status);
    }
  }

  /** After 301, 302 and 303 a POST becomes a GET, unless `-X` said otherwise. */
  #redirected(request: HttpRequest, next: URL, status: number): HttpRequest {
    const drops = request.method === 'POST' ? status < 304 : status === 303 && request.method !== 'HEAD';
    const asGet = drops && !this.#settings.has('request');
    const headers = request.headers
      .filter(([name]) => !(drops && /^content-(length|type)$/i.test(name)))
      .map(([name, value]): [string, string] => [name, name === 'Host' ? next.host : value]);
    const method = asGet ? 'GET' : request.method;
    return { method, url: next, headers, body: drops ? undefined : request.body };
  }

  #cookies(): string | undefined {
    const texts = this.#settings.all('cookie').map(({ value }) => value);
    return texts.length === 0
      ? undefined
      : texts.map((text) => (text.includes('=') ? text : this.#jar(text))).join('; ');
  }

  /** The cookies of a file in Netscape's format; one that is not there holds none. */
  #jar(file: string): string {
    const path = this.#context.resolve(file);
    if (this.#context.sys.call('statOrNull', path, true) === null) return '';
    const lines = new TextDecoder().decode(this.#context.sys.call('readFile', path)).split('\n');
    const cookies = lines.map((line) => line.split('\t')).filter((fields) => fields.length === 7);
    return cookies.map((fields) => `${fields[5]}=${fields[6]}`).join('; ');
  }

  async #showHead(head: Head, output: Output): Promise<void> {
    const settings = this.#settings;
    if (settings.has('verbose')) {
      for (const line of head.raw.trimEnd().split('\r\n')) await this.#context.stderr.line(`< ${line}`);
      await this.#context.stderr.print('< \n');
    }
    await this.#dump?.write(head.raw);
    if (settings.has('include', 'head')) await output.write(head.raw);
  }

  #listener(output: Output): Listener {
    const { stderr } = this.#context;
    const keep = (connection: Connection) => {
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
      onSent: (text) => stderr.print(text.replace(/\r\n/g, '\n').replace(/\n$/, '').replace(/^/gm, '> ').concat('\n')),
      onInterim: (head) => this.#showHead(head, output),
    };
  }

  #host(): string {
    return readUrl(this.#place.text).hostname;
  }

  async #receive({ connection, head, request }: Exchange, output: Output): Promise<void> {
    const settings = this.#settings;
    const failure =
      head.status >= 400 ? new HttpError(22, `The requested URL returned error: ${head.status}`) : undefined;
    if (failure && settings.has('fail')) throw failure;
    for await (const chunk of this.#decoded(head, connection.body(head, request.method))) {
      this.#result.size += chunk.length;
      await output.write(chunk);
    }
    output.finish();
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
  for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
  await writing;
}

async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  signal.addEventListener('abort', () => resolve(), { once: true });
  await promise;
  clearTimeout(timer);
  signal.throwIfAborted();
}
