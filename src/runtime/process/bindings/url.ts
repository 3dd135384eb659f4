import type { BindingFactory } from '../context.ts';
import { decodePunycodeHost, isPunycodeHost } from '../encoding/punycode.ts';
import { asNative } from '../modules/caller-stack.ts';

/** What ada calls an omitted part. */
const OMITTED = 0xffffffff;
/** `ada::scheme::type`. */
const SCHEMES: Record<string, number> = { 'http:': 0, 'https:': 2, 'ws:': 3, 'ftp:': 4, 'wss:': 5, 'file:': 6 };
const NOT_SPECIAL = 1;
/** By the numbers of `updateActions` in internal/url. */
const PARTS = ['protocol', 'host', 'hostname', 'port', 'username', 'password', 'pathname', 'search', 'hash'] as const;

/** `internalBinding('url')`: the browser's parser, its result as ada's offsets into the href. */
export const url: BindingFactory = (context) => {
  const { URL } = context.host;
  const urlComponents = new Uint32Array(9);

  function parseUrl(input: string, base?: string): URL | null {
    const parsed = URL.parse(plainScheme(input), base === undefined ? base : plainScheme(base)) as URL | null;
    if (parsed === null) return null;
    // Each property of the browser's object is a call out of JavaScript: as few as will do.
    const isSpecial = parsed.protocol in SCHEMES;
    if (!isSpecial && base === undefined && !input.includes('[')) return parsed;
    if (base !== undefined && UNUSUAL.test(base) && parseUrl(base) === null) return null;
    return isForbiddenHost(parsed.hostname, isSpecial, writtenHost(input, base !== undefined)) ? null : parsed;
  }

  /** Chromium lets forbidden characters into hosts, escaped; decodes those of an address; and takes labels that stand for nothing. */
  function isForbiddenHost(host: string, isSpecial: boolean, written: string): boolean {
    if (host.startsWith('[')) return (isSpecial && written.includes('%')) || hasOddQuad(written);
    if (host === '' || !isSpecial) return false;
    if (/[\s%<>^|`{}"\\]/.test(host)) return true;
    if (host.includes('xn--') && !isEncodedHost(host)) return true;
    return /[\uff05\ufe6a]|%ef%bc%85|%ef%b9%aa/i.test(written);
  }

  /** Whether each encoded label of a host is the code of its text. */
  const isEncodedHost = (host: string): boolean =>
    isPunycodeHost(host) && URL.parse(`ws://${decodePunycodeHost(host)}`)?.hostname === host;

  function publish(parsed: URL): string {
    const href = ownScheme(parsed.href);
    urlComponents.set(offsetsOf(href));
    return href;
  }

  return {
    ...context.described('url'),
    urlComponents,
    parse: asNative('parse', (input: string, base?: string, raise?: boolean): string | undefined => {
      const parsed = parseUrl(input, base);
      if (parsed) return publish(parsed);
      if (raise) throw invalidUrl(input, base);
      return undefined;
    }),
    canParse: (input: string, base?: string) => parseUrl(input, base) !== null,
    update(href: string, action: number, value: string): string | false {
      const part = PARTS[action];
      const parsed = parseUrl(part === undefined ? value : href);
      if (!parsed) return false;
      if (part === 'protocol') setProtocol(parsed, value);
      else if (part !== undefined) parsed[part] = value;
      if (part === 'host' || part === 'hostname') {
        if (isForbiddenHost(parsed.hostname, parsed.protocol in SCHEMES, authorityHost(value))) return false;
      }
      return publish(parsed);
    },
    domainToASCII: (domain: string) => parseUrl(`ws://${domain}`)?.hostname ?? '',
    domainToUnicode: (domain: string) => decodePunycodeHost(parseUrl(`ws://${domain}`)?.hostname ?? ''),
    format(href: string, fragment: boolean, unicode: boolean, search: boolean, auth: boolean): string {
      const parsed = new URL(plainScheme(href));
      if (!fragment) parsed.hash = '';
      if (!search) parsed.search = '';
      if (!auth) parsed.username = parsed.password = '';
      if (!unicode || !parsed.hostname.includes('xn--')) return ownScheme(parsed.href);
      const { href: result, hostname } = parsed;
      const at = result.indexOf(hostname, parsed.protocol.length);
      return result.slice(0, at) + decodePunycodeHost(hostname) + result.slice(at + hostname.length);
    },
    getOrigin: (href: string) => new URL(plainScheme(href)).origin,
    /** `host` is that of a Windows share. */
    pathToFileURL(path: string, windows: boolean, host?: string): string {
      const parsed = new URL('file://');
      parsed.pathname = escapePath(windows ? path.replaceAll('\\', '/') : path);
      if (host !== undefined) parsed.hostname = host;
      return publish(parsed);
    },
  };
};

/** Chromium makes a special scheme of one that is not. */
function setProtocol(parsed: URL, value: string): void {
  const scheme = plainScheme(`${value}:`);
  const isSpecial = scheme.slice(0, scheme.indexOf(':') + 1).toLowerCase() in SCHEMES;
  if (isSpecial === parsed.protocol in SCHEMES) parsed.protocol = scheme;
}

/** Chromium reads an address within `filesystem:`, which is a scheme as any other: it goes by a name of the same length there. */
const plainScheme = (text: string): string => text.replace(/^([\0- ]*)filesystem:/i, '$1filesysteq:');
const ownScheme = (href: string): string => href.replace(/^filesysteq:/, 'filesystem:');

/** What the host of a base may have that Chromium takes and ada does not. */
const UNUSUAL = /[^!-$&-~]|xn--|\[.*\./i;

/** The host as it stands in an address, or in one that is relative to another. */
function writtenHost(input: string, isRelative: boolean): string {
  const plain = input.replace(/^[\0- ]+|[\t\n\r]/g, '');
  const start = (isRelative ? /^(?:[a-z][a-z0-9+.-]*:)?[/\\]{2,}/i : /^[a-z][a-z0-9+.-]*:[/\\]*/i).exec(plain)?.[0];
  return start === undefined ? '' : authorityHost(plain.slice(start.length));
}

const authorityHost = (text: string): string => /^(?:[^/\\?#]*@)?([^/\\?#]*)/.exec(text)?.[1] ?? '';

/** Whether the IPv4 part of an IPv6 address has octal or hexadecimal numbers, which Chromium reads. */
const hasOddQuad = (host: string): boolean => /[:.]0[\da-fx]+\.|\.0[\da-fx]+\]/i.test(host);

const ESCAPED: Record<string, string> = {
  '%': '%25',
  '\\': '%5C',
  '\n': '%0A',
  '\r': '%0D',
  '\t': '%09',
  '?': '%3F',
  '#': '%23',
  '~': '%7E',
  '[': '%5B',
  ']': '%5D',
  '^': '%5E',
  '|': '%7C',
};

const escapePath = (path: string): string =>
  path.replace(/[%\\\n\r\t?#~[\]^|]/g, (character) => ESCAPED[character] ?? '');

function invalidUrl(input: string, base: string | undefined): Error {
  const details = base === undefined ? { input } : { input, base };
  return Object.assign(new TypeError('Invalid URL'), { code: 'ERR_INVALID_URL' }, details);
}

/** [protocol_end, username_end, host_start, host_end, port, pathname_start, search_start, hash_start, scheme_type] */
function offsetsOf(href: string): number[] {
  const protocolEnd = href.indexOf(':') + 1;
  const fragment = href.indexOf('#', protocolEnd);
  const beforeFragment = fragment < 0 ? href.length : fragment;
  const query = href.indexOf('?', protocolEnd);
  const hasQuery = query >= 0 && query < beforeFragment;
  const pathEnd = hasQuery ? query : beforeFragment;
  return [
    protocolEnd,
    ...authorityOffsets(href, protocolEnd, pathEnd),
    hasQuery ? query : OMITTED,
    fragment < 0 ? OMITTED : fragment,
    SCHEMES[href.slice(0, protocolEnd)] ?? NOT_SPECIAL,
  ];
}

type AuthorityOffsets = [usernameEnd: number, hostStart: number, hostEnd: number, port: number, pathStart: number];

function authorityOffsets(href: string, start: number, end: number): AuthorityOffsets {
  if (!href.startsWith('//', start)) {
    // A path that begins with two slashes would be taken for an authority: a dot stands before it.
    return [start, start, start, OMITTED, href.startsWith('/.//', start) ? start + 2 : start];
  }
  const first = start + 2;
  const slash = href.indexOf('/', first);
  const pathStart = slash < 0 || slash > end ? end : slash;
  const at = href.lastIndexOf('@', pathStart - 1);
  const hasCredentials = at >= first;
  const userEnd = hasCredentials ? at : first;
  const colon = href.indexOf(':', first);
  const usernameEnd = colon >= 0 && colon < userEnd ? colon : userEnd;
  const portColon = href.lastIndexOf(':', pathStart - 1);
  const hasPort = portColon >= userEnd && portColon > href.lastIndexOf(']', pathStart - 1);
  const hostEnd = hasPort ? portColon : pathStart;
  return [usernameEnd, userEnd, hostEnd, hasPort ? Number(href.slice(portColon + 1, pathStart)) : OMITTED, pathStart];
}
