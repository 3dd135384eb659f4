/** curl's `--write-out` and its progress meter. */
import { type Connection, type Head, headerOf } from './connection.ts';
import type { HttpRequest } from './exchange.ts';
import type { HttpError } from './http-error.ts';

export interface TransferResult {
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
  ended: number;
}

export function newResult(text: string): TransferResult {
  return {
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
  scheme: ({ request }) => request && 'HTTP',
  http_version: ({ head }) => (head ? '1.1' : '0'),
  remote_ip: ({ connection }) => connection?.remote.address,
  remote_port: ({ connection }) => connection?.remote.port ?? 0,
  local_ip: ({ connection }) => connection?.local.address,
  local_port: ({ connection }) => connection?.local.port ?? 0,
  filename_effective: ({ file }) => file,
  exitcode: ({ failure }) => failure?.status ?? 0,
  errormsg: ({ failure }) => failure?.message,
  speed_download: ({ size, started, ended }) => Math.round((size * 1000) / Math.max(ended - started, 1)),
  time_total: ({ started, ended }) => ((ended - started) / 1000).toFixed(6),
};

/** `%{name}`, `%header{name}`, `%{stderr}`, `%{stdout}`, `%%`, `\n`, `\r`, `\t`. */
export function writeOut(format: string, result: TransferResult): { stdout: string; stderr: string } {
  const written = { stdout: '', stderr: '' };
  let to: keyof typeof written = 'stdout';
  const pattern = /%\{(\w+)\}|%header\{([^}]*)\}|%%|\\([nrt])|[^%\\]+|[%\\]/g;
  for (const [all, name, header, control] of format.matchAll(pattern)) {
    if (name === 'stdout' || name === 'stderr') to = name;
    else if (name !== undefined) {
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
