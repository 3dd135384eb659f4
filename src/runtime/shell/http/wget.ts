/** wget for HTTP on the sandbox's loopback. */
import { append } from '../../kernel/large-lists.ts';
import { Descriptor } from '../descriptor.ts';
import { errorCode } from '../errors.ts';
import { baseName, joinPath } from '../paths.ts';
import { Writer } from '../streams.ts';
import { readWholeText } from '../utilities/inputs.ts';
import { lastValue, type Options, parseOptions } from '../utilities/options.ts';
import { strftime, zoneOf } from '../utilities/strftime.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import { type Exchange, exchange, type HttpRequest, readUrl, redirectOf } from './exchange.ts';
import { CertificateError, HttpError } from './http-error.ts';

const NETWORK_FAILURE = 4;
const VERIFICATION_FAILURE = 5;
const SERVER_ERROR = 8;
const MOST_REDIRECTS = 20;
const WRITE_NEW = 0o1 | 0o100 | 0o1000;
const ADD = 0o1 | 0o100 | 0o2000;

const LONG = {
  quiet: 'q',
  'no-verbose': 'nv',
  'output-document=': 'O',
  'directory-prefix=': 'P',
  'method=': 'method',
  'body-data=': 'data',
  'body-file=': 'body-file',
  'post-data=': 'post-data',
  'post-file=': 'post-file',
  'header=': 'header',
  'user-agent=': 'U',
  'user=': 'user',
  'password=': 'password',
  'timeout=': 'T',
  'tries=': 't',
  'max-redirect=': 'max-redirect',
  'server-response': 'S',
  'content-on-error': 'content-on-error',
  'no-check-certificate': 'k',
  'ca-certificate=': 'ca-certificate',
  'no-clobber': 'nc',
  'retry-connrefused': 'retry-connrefused',
  'show-progress': 'show-progress',
  'progress=': 'progress',
  continue: 'c',
  spider: 'spider',
  'input-file=': 'i',
  'output-file=': 'o',
  'connect-timeout=': 'connect-timeout',
  'read-timeout=': 'read-timeout',
  'waitretry=': 'waitretry',
};

export const wget: Utility = async (context) => {
  // Of two letters with one dash; getopt's rules do not know such.
  const args = context.args.map((arg) => ({ '-nv': '--no-verbose', '-nc': '--no-clobber', '-nd': '-q' })[arg] ?? arg);
  const options = parseOptions(args, { short: 'qO:P:U:T:t:Sci:o:4', long: LONG });
  if (options.problem) {
    await context.stderr.write(
      `wget: ${options.problem}\nUsage: wget [OPTION]... [URL]...\n\nTry \`wget --help' for more options.\n`,
    );
    return 2;
  }
  const urls = [...options.operands];
  for (const file of options.values.get('i') ?? []) {
    const text = await readWholeText(context, file);
    append(
      urls,
      text.split('\n').filter((line) => line !== ''),
    );
  }
  if (urls.length === 0) {
    await context.stderr.write(
      "wget: missing URL\nUsage: wget [OPTION]... [URL]...\n\nTry `wget --help' for more options.\n",
    );
    return 1;
  }
  const document = lastValue(options, 'O');
  if (document !== undefined && document !== '-')
    context.sys.call('close', context.sys.call('open', context.resolve(document), WRITE_NEW, 0o666));
  let status = 0;
  for (const text of urls) status = (await new Download(context, options).run(text)) || status;
  return status;
};

class Download {
  readonly #context: UtilityContext;
  readonly #options: Options;
  readonly #quiet: boolean;
  readonly #verbose: boolean;

  constructor(context: UtilityContext, options: Options) {
    this.#context = context;
    this.#options = options;
    this.#quiet = options.flags.has('q');
    this.#verbose = !this.#quiet && !options.flags.has('nv');
  }

  /** wget's exit code. */
  async run(text: string): Promise<number> {
    const seconds = Number(lastValue(this.#options, 'T') ?? '0');
    const expired = new AbortController();
    const timer = seconds > 0 ? setTimeout(() => expired.abort(), seconds * 1000) : undefined;
    try {
      return await this.#fetch(text, expired.signal);
    } catch (error) {
      this.#context.signal.throwIfAborted();
      if (!(error instanceof HttpError) && errorCode(error) === undefined && !expired.signal.aborted) throw error;
      if (error instanceof CertificateError) return await this.#refuse(text, error);
      const reason = error instanceof HttpError ? error.message : String(error);
      const known =
        error instanceof HttpError && error.status === 6 ? `unable to resolve host address (${reason})` : reason;
      if (!this.#quiet)
        await this.#context.stderr.line(
          expired.signal.aborted ? 'Read error (Connection timed out).' : `wget: ${known}`,
        );
      return NETWORK_FAILURE;
    } finally {
      clearTimeout(timer);
    }
  }

  /** In the words of GnuTLS, which it is built with mostly. */
  async #refuse(text: string, { reason }: CertificateError): Promise<number> {
    const host = readUrl(text).hostname;
    const of = `ERROR: The certificate of ‘${host}’`;
    const words = {
      untrusted: `${of} is not trusted.\n${of} doesn't have a known issuer.\n`,
      expired: `${of} is not trusted.\n${of} has expired.\n`,
      early: `${of} is not trusted.\n${of} is not yet activated.\n`,
      host: `The certificate's owner does not match hostname ‘${host}’\n`,
    };
    if (!this.#quiet) await this.#context.stderr.print(words[reason]);
    return VERIFICATION_FAILURE;
  }

  #now(): string {
    return strftime('%Y-%m-%d %H:%M:%S', Date.now(), zoneOf(this.#context.env.get('TZ')));
  }

  async #tell(text: string): Promise<void> {
    if (this.#verbose) await this.#context.stderr.print(text);
  }

  async #fetch(text: string, expired: AbortSignal): Promise<number> {
    let request = await this.#request(readUrl(text));
    for (let redirects = 0; ; redirects += 1) {
      await this.#tell(`--${this.#now()}--  ${request.url.href}\n`);
      let stop = (): void => undefined;
      const onEnd = () => stop();
      expired.addEventListener('abort', onEnd);
      this.#context.signal.addEventListener('abort', onEnd);
      try {
        const done = await exchange(this.#context, request, {
          onConnecting: (host, addresses, port) =>
            this.#tell(
              `Resolving ${host} (${host})... ${addresses.join(', ')}\nConnecting to ${host} (${host})|${addresses[0]}|:${port}... `,
            ),
          onConnected: (connection) => {
            stop = () => connection.close();
            return this.#tell('connected.\n');
          },
          onSent: () => this.#tell('HTTP request sent, awaiting response... '),
        });
        const { status, raw } = done.head;
        const reason = /^\S+ \d+ ?(.*)/.exec(raw)?.[1]?.trimEnd() ?? '';
        await this.#tell(`${status} ${reason}\n`);
        if (this.#options.flags.has('S') && !this.#quiet)
          await this.#context.stderr.print(raw.trimEnd().replace(/\r/g, '').replace(/^/gm, '  ').concat('\n'));
        const next = redirectOf(done);
        if (next && redirects < Number(lastValue(this.#options, 'max-redirect') ?? MOST_REDIRECTS)) {
          await this.#tell(`Location: ${next.href} [following]\n`);
          request = {
            ...request,
            url: next,
            headers: request.headers.map(([name, value]) => [name, name === 'Host' ? next.host : value]),
          };
          continue;
        }
        return await this.#take(done, reason);
      } finally {
        expired.removeEventListener('abort', onEnd);
        this.#context.signal.removeEventListener('abort', onEnd);
        stop();
      }
    }
  }

  async #take(done: Exchange, reason: string): Promise<number> {
    const { head, connection, request } = done;
    const failed = head.status >= 300;
    if (failed && this.#verbose) await this.#tell(`${this.#now()} ERROR ${head.status}: ${reason}.\n\n`);
    else if (failed && !this.#quiet)
      await this.#context.stderr.print(`${request.url.href}:\n${this.#now()} ERROR ${head.status}: ${reason}.\n`);
    if (this.#options.flags.has('spider')) {
      if (!failed) await this.#tell('Remote file exists.\n\n');
      return failed ? SERVER_ERROR : 0;
    }
    if (failed && !this.#options.flags.has('content-on-error')) return SERVER_ERROR;
    const { writer, name } = this.#output(request.url);
    await this.#tell(`Saving to: ‘${name}’\n`);
    let size = 0;
    try {
      for await (const chunk of connection.body(head, request.method)) {
        size += chunk.length;
        await writer.write(chunk);
        await writer.flush();
      }
    } finally {
      if (writer !== this.#context.stdout) writer.descriptor?.release();
    }
    await this.#tell(`\n${this.#now()} - ‘${name}’ saved [${size}]\n\n`);
    return failed ? SERVER_ERROR : 0;
  }

  #output(url: URL): { writer: Writer; name: string } {
    const { sys } = this.#context;
    const document = lastValue(this.#options, 'O');
    if (document === '-') return { writer: this.#context.stdout, name: 'STDOUT' };
    let name = document ?? (decodeURI(baseName(url.pathname).replace(/^\/$/, '')) || 'index.html') + url.search;
    const folder = lastValue(this.#options, 'P');
    if (document === undefined && folder !== undefined) {
      sys.call('mkdir', this.#context.resolve(folder), 0o777, true);
      name = joinPath(folder, name);
    }
    const exists = (path: string) => sys.call('statOrNull', this.#context.resolve(path), true) !== null;
    const plain = name;
    for (let copy = 1; document === undefined && exists(name); copy += 1) name = `${plain}.${copy}`;
    const fd = sys.call('open', this.#context.resolve(name), document === undefined ? WRITE_NEW : ADD, 0o666);
    return { writer: new Writer(new Descriptor(sys, fd)), name };
  }

  async #request(url: URL): Promise<HttpRequest> {
    const value = (name: string) => lastValue(this.#options, name);
    const data = value('data') ?? value('post-data');
    const file = value('body-file') ?? value('post-file');
    const body =
      data !== undefined
        ? new TextEncoder().encode(data)
        : file === undefined
          ? undefined
          : this.#context.sys.call('readFile', this.#context.resolve(file));
    const posts = this.#options.flags.has('post-data') || this.#options.flags.has('post-file');
    const method =
      value('method')?.toUpperCase() ?? (posts ? 'POST' : this.#options.flags.has('spider') ? 'HEAD' : 'GET');
    const given = (this.#options.values.get('header') ?? []).map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    });
    const own: [string, string][] = [
      ['Host', url.host],
      ['User-Agent', value('U') ?? 'Wget/1.21.3'],
      ['Accept', '*/*'],
      ['Accept-Encoding', 'identity'],
      ['Connection', 'close'],
    ];
    const [user, password] = [
      value('user') ?? decodeURIComponent(url.username),
      value('password') ?? decodeURIComponent(url.password),
    ];
    if (user !== '') own.push(['Authorization', `Basic ${btoa(`${user}:${password}`)}`]);
    if (body) own.push(['Content-Type', 'application/x-www-form-urlencoded'], ['Content-Length', String(body.length)]);
    const security = { isVerified: !this.#options.flags.has('k'), authorities: value('ca-certificate') };
    const named = new Set(given.map(([name]) => name.toLowerCase()));
    return {
      method,
      url,
      headers: [...own.filter(([name]) => !named.has(name.toLowerCase())), ...given],
      body,
      security,
    };
  }
}
