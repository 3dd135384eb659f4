/** The options of one call of curl, and the request they make of a URL. */
import type { UtilityContext } from '../utility.ts';
import { buildBody, type CurlBody, encodeField } from './curl-body.ts';
import type { CurlCommand, CurlSetting } from './curl-options.ts';
import type { HttpRequest } from './exchange.ts';
import { HttpError } from './http-error.ts';
import type { Security } from './security.ts';

export const CURL_VERSION = '7.88.1';

export class CurlSettings {
  readonly #settings: readonly CurlSetting[];
  readonly #bundle: string | undefined;

  /** `bundle`: the file with the authorities that are trusted when none is named. */
  constructor(command: CurlCommand, bundle?: string) {
    this.#settings = command.settings;
    this.#bundle = bundle;
  }

  has(...names: string[]): boolean {
    return this.#settings.some(({ name }) => names.includes(name));
  }

  last(name: string): string | undefined {
    return this.#settings.findLast((setting) => setting.name === name)?.value;
  }

  number(name: string, otherwise: number): number {
    return Number(this.last(name) ?? otherwise);
  }

  all(...names: string[]): readonly CurlSetting[] {
    return this.#settings.filter(({ name }) => names.includes(name));
  }

  /** What `-b` gives as it is; what has no `=` is the name of a file. */
  cookies(): { text: string | undefined; files: string[] } {
    const given = this.all('cookie').map(({ value }) => value);
    const texts = given.filter((value) => value.includes('='));
    return {
      text: texts.length === 0 ? undefined : texts.join('; '),
      files: given.filter((value) => !value.includes('=')),
    };
  }

  /** Throws `HttpError` when a file that is to be sent cannot be read. */
  async body(context: UtilityContext): Promise<CurlBody | undefined> {
    return await buildBody(context, this.#settings);
  }

  request(url: URL, body: CurlBody | undefined, cookies: string | undefined): HttpRequest {
    const asQuery = this.has('get') && body !== undefined;
    const target = new URL(url);
    const queries = [
      ...(asQuery ? [new TextDecoder().decode(body.data)] : []),
      ...this.all('url-query').map(({ value }) => encodeField(value)),
    ];
    for (const query of queries) {
      if (/[\s\0]/.test(query)) throw new HttpError(3, 'URL using bad/illegal format or missing URL');
      target.search += (target.search === '' ? '?' : '&') + query;
    }
    const sent = asQuery ? undefined : body;
    const usual = this.has('head') ? 'HEAD' : this.has('upload-file') ? 'PUT' : sent ? 'POST' : 'GET';
    const method = this.last('request') ?? usual;
    return {
      method,
      url: target,
      headers: this.#headers(target, sent, cookies),
      body: sent?.data,
      security: this.#security(),
      target: this.last('request-target'),
    };
  }

  #security(): Security {
    const latest = this.last('tls-max');
    const only = this.has('tlsv1.3') ? '1.3' : latest === '1.2' ? '1.2' : undefined;
    return { isVerified: !this.has('insecure'), authorities: this.last('cacert') ?? this.#bundle, only };
  }

  #headers(url: URL, body: CurlBody | undefined, cookies: string | undefined): [string, string][] {
    const json = this.has('json') ? ['Content-Type: application/json', 'Accept: application/json'] : [];
    const own = [...this.all('header').map(({ value }) => value), ...json].map(readHeader);
    const encoding = this.has('compressed') ? 'deflate, gzip' : undefined;
    const defaults: [string, string | undefined][] = [
      ['Host', url.host],
      ['Authorization', this.#authorization(url)],
      ['Range', this.has('range') ? `bytes=${this.last('range')}` : undefined],
      ['User-Agent', this.last('user-agent') ?? `curl/${CURL_VERSION}`],
      ['Accept', '*/*'],
      ['Accept-Encoding', encoding],
      ['Referer', this.last('referer')],
      ['Cookie', cookies],
    ];
    const after: [string, string | undefined][] = [
      ['Content-Length', body ? String(body.data.length) : undefined],
      ['Content-Type', body?.type],
    ];
    const isFree = ([name, value]: [string, string | undefined]) =>
      value !== undefined && value !== '' && !own.some((header) => header?.name.toLowerCase() === name.toLowerCase());
    const kept = own.flatMap((header): [string, string][] =>
      header?.value === undefined ? [] : [[header.name, header.value]],
    );
    const filled = (list: [string, string | undefined][]) =>
      list.filter(isFree).map(([name, value]): [string, string] => [name, value ?? '']);
    const host = kept.filter(([name]) => name.toLowerCase() === 'host');
    const others = kept.filter(([name]) => name.toLowerCase() !== 'host');
    return [...host, ...filled(defaults), ...others, ...filled(after)];
  }

  #authorization(url: URL): string | undefined {
    const bearer = this.last('oauth2-bearer');
    if (bearer !== undefined) return `Bearer ${bearer}`;
    const inUrl = url.username === '' ? undefined : decodeURIComponent(`${url.username}:${url.password}`);
    const user = this.last('user') ?? inUrl;
    if (user === undefined) return undefined;
    const bytes = new TextEncoder().encode(user.includes(':') ? user : `${user}:`);
    return `Basic ${btoa(String.fromCharCode(...bytes))}`;
  }
}

/** `Name: value`; `Name:` takes a header away, `Name;` sends it empty. */
function readHeader(text: string): { name: string; value: string | undefined } | undefined {
  const empty = /^([^:;]+);\s*$/.exec(text);
  if (empty) return { name: empty[1] ?? '', value: '' };
  const match = /^([^:]+):[ \t]*([\s\S]*)$/.exec(text);
  if (!match) return undefined;
  return { name: match[1] ?? '', value: match[2] === '' ? undefined : match[2] };
}
