/** curl's `--write-out` and its progress meter. */
import { type Connection, type Head, headerOf } from './connection.ts';
import type { HttpRequest } from './exchange.ts';
import type { HttpError } from './http-error.ts';

export interface TransferResult {
  /** Of the address, from 0. */
  index: number;
  text: string;
  request: HttpRequest | undefined;
  head: Head | undefined;
  connection: Connection | undefined;
  failure: HttpError | undefined;
  redirect: URL | undefined;
  redirects: number;
  file: string | undefined;
  /** Bytes of bodies and of heads. */
  size: number;
  headSize: number;
  /** Milliseconds, as of `performance.now`. */
  started: number;
  connected: number;
  /** The head of the response was there. */
  answered: number;
  ended: number;
}

export function newResult(text: string, index: number): TransferResult {
  return {
    index,
    text,
    request: undefined,
    head: undefined,
    connection: undefined,
    failure: undefined,
    redirect: undefined,
    redirects: 0,
    file: undefined,
    size: 0,
    headSize: 0,
    started: 0,
    connected: 0,
    answered: 0,
    ended: 0,
  };
}

const VARIABLES: Readonly<Record<string, (result: TransferResult) => string | number | undefined>> = {
  http_code: ({ head }) => String(head?.status ?? 0).padStart(3, '0'),
  response_code: ({ head }) => String(head?.status ?? 0).padStart(3, '0'),
  content_type: ({ head }) => head && headerOf(head, 'content-type'),
  size_download: ({ size }) => size,
  size_upload: ({ request }) => request?.body?.length ?? 0,
  size_header: ({ headSize }) => headSize,
  num_headers: ({ head }) => head?.headers.length ?? 0,
  num_redirects: ({ redirects }) => redirects,
  num_connects: ({ redirects, connection }) => (connection ? redirects + 1 : 0),
  redirect_url: ({ redirect }) => redirect?.href,
  url: ({ text }) => text,
  url_effective: ({ request, text }) => request?.url.href ?? text,
  method: ({ request }) => request?.method,
  scheme: ({ request }) => request?.url.protocol.slice(0, -1).toUpperCase(),
  http_version: ({ head }) => (head ? '1.1' : '0'),
  remote_ip: ({ connection }) => connection?.remote.address,
  remote_port: ({ connection }) => connection?.remote.port ?? 0,
  local_ip: ({ connection }) => connection?.local.address,
  local_port: ({ connection }) => connection?.local.port ?? 0,
  filename_effective: ({ file }) => file,
  exitcode: ({ failure }) => failure?.status ?? 0,
  errormsg: ({ failure }) => failure?.message,
  speed_download: ({ size, started, ended }) => Math.round((size * 1000) / Math.max(ended - started, 1)),
  speed_upload: ({ request, started, ended }) =>
    Math.round(((request?.body?.length ?? 0) * 1000) / Math.max(ended - started, 1)),
  size_request: ({ request }) => (request ? requestSize(request) : 0),
  referer: ({ request }) => request?.headers.find(([name]) => name === 'Referer')?.[1],
  http_connect: () => '000',
  certs: () => '',
  num_certs: () => 0,
  proxy_ssl_verify_result: () => 0,
  ftp_entry_path: () => undefined,
  urlnum: ({ index }) => index,
  ssl_verify_result: () => 0,
  time_namelookup: () => seconds(0),
  time_appconnect: () => seconds(0),
  time_redirect: () => seconds(0),
  time_connect: ({ started, connected }) => seconds(connected - started),
  time_pretransfer: ({ started, connected }) => seconds(connected - started),
  time_starttransfer: ({ started, answered }) => seconds(answered - started),
  time_total: ({ started, ended }) => seconds(ended - started),
  header_json: ({ head }) => head && headersAsJson(head),
};

const seconds = (milliseconds: number): string => (Math.max(0, milliseconds) / 1000).toFixed(6);

const requestSize = ({ method, url, headers }: HttpRequest): number =>
  `${method} ${url.pathname}${url.search} HTTP/1.1\r\n\r\n`.length +
  headers.reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0);

/** `{"content-type":["text/plain"],\n…}`: each header once, with all its values. */
function headersAsJson({ headers }: Head): string {
  const values = new Map<string, string[]>();
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    values.set(key, [...(values.get(key) ?? []), value]);
  }
  return `{${[...values].map(([key, list]) => `${JSON.stringify(key)}:${JSON.stringify(list)}`).join(',\n')}\n}`;
}

/** `%{json}`: all variables, numbers as numbers. */
function allAsJson(result: TransferResult): string {
  const left = new Set(['header_json']);
  const fields = Object.keys(VARIABLES)
    .filter((name) => !left.has(name))
    .sort()
    .map((name) => {
      const value = VARIABLES[name]?.(result);
      const isNumber = /^(?:http_code|response_code|http_connect|time_)/.test(name);
      return `${JSON.stringify(name)}:${value === undefined || value === '' ? 'null' : JSON.stringify(isNumber ? Number(value) : value)}`;
    });
  return `{${fields.join(',')},"curl_version":"libcurl/7.88.1"}`;
}

interface Written {
  stdout: string;
  stderr: string;
  /** A variable that there is not. */
  unknown: string | undefined;
}

/** `%{name}`, `%header{name}`, `%{stderr}`, `%{stdout}`, `%%`, `\n`, `\r`, `\t`. */
export function writeOut(format: string, result: TransferResult): Written {
  const written: Written = { stdout: '', stderr: '', unknown: undefined };
  let to: 'stdout' | 'stderr' = 'stdout';
  const pattern = /%\{(\w+)\}|%header\{([^}]*)\}|%%|\\([nrt])|[^%\\]+|[%\\]/g;
  for (const [all, name, header, control] of format.matchAll(pattern)) {
    if (name === 'stdout' || name === 'stderr') to = name;
    else if (name === 'json') written[to] += allAsJson(result);
    else if (name === 'onerror') {
      if (!result.failure) break;
    } else if (name !== undefined) {
      if (!Object.hasOwn(VARIABLES, name)) written.unknown = name;
      written[to] += VARIABLES[name]?.(result) ?? '';
    } else if (header !== undefined) {
      written[to] += (result.head && headerOf(result.head, header.toLowerCase())) ?? '';
    } else if (control !== undefined) written[to] += { n: '\n', r: '\r', t: '\t' }[control] ?? '';
    else written[to] += all === '%%' ? '%' : all;
  }
  return written;
}

export const METER_HEAD = `  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current
                                 Dload  Upload   Total   Spent    Left  Speed
`;

/** The meter's line at the end of a transfer. */
export function meterLine({ size, request, started }: TransferResult): string {
  const sent = request?.body?.length ?? 0;
  const seconds = Math.max(performance.now() - started, 1) / 1000;
  const column = (value: number, width: number) => short(Math.round(value)).padStart(width);
  const share = (value: number) => (value > 0 ? '100' : '  0');
  const total = size + sent;
  return `${share(total)} ${column(total, 5)}  ${share(size)} ${column(size, 5)}  ${share(sent)} ${column(sent, 5)}  ${column(size / seconds, 5)}  ${column(sent / seconds, 5)} --:--:-- --:--:-- --:--:-- ${column(total / seconds, 5)}`;
}

/** Five characters at most. */
function short(value: number): string {
  if (value < 100_000) return String(value);
  for (const [unit, size] of Object.entries({ k: 1024, M: 1024 ** 2, G: 1024 ** 3 })) {
    if (value < 10_000 * size) return `${Math.floor(value / size)}${unit}`;
  }
  return 'huge';
}
