/** curl's command line: options in the order given, by their long names. */

/** Letter -> long name; `=` at its end: it takes a value. */
const LETTERS: Readonly<Record<string, string>> = {
  s: 'silent',
  S: 'show-error',
  i: 'include',
  0: 'http1.0',
  I: 'head',
  X: 'request=',
  d: 'data=',
  H: 'header=',
  A: 'user-agent=',
  b: 'cookie=',
  o: 'output=',
  O: 'remote-name',
  w: 'write-out=',
  f: 'fail',
  L: 'location',
  u: 'user=',
  v: 'verbose',
  k: 'insecure',
  m: 'max-time=',
  G: 'get',
  F: 'form=',
  T: 'upload-file=',
  e: 'referer=',
  D: 'dump-header=',
  N: 'no-buffer',
  r: 'range=',
  g: 'globoff',
  q: 'disable',
  '#': 'progress-bar',
  '4': 'ipv4',
  '6': 'ipv6',
  V: 'version',
  h: 'help',
  c: 'cookie-jar=',
  C: 'continue-at=',
  j: 'junk-session-cookies',
  J: 'remote-header-name',
  K: 'config=',
  R: 'remote-time',
  Z: 'parallel',
  a: 'append',
  n: 'netrc',
  x: 'proxy=',
  y: 'speed-time=',
  Y: 'speed-limit=',
  z: 'time-cond=',
  ':': 'next',
};

const LONG = new Set([
  ...Object.values(LETTERS),
  'url=',
  'data-raw=',
  'data-ascii=',
  'data-binary=',
  'data-urlencode=',
  'json=',
  'form-string=',
  'fail-with-body',
  'connect-timeout=',
  'retry=',
  'retry-delay=',
  'retry-connrefused',
  'retry-all-errors',
  'max-redirs=',
  'create-dirs',
  'output-dir=',
  'compressed',
  'no-progress-meter',
  'http1.0',
  'http1.1',
  'oauth2-bearer=',
  'path-as-is',
  'noproxy=',
  'url-query=',
  'post301',
  'post302',
  'post303',
  'location-trusted',
  'request-target=',
  'resolve=',
  'stderr=',
  'remove-on-error',
  'no-clobber',
  'cacert=',
  'tls-max=',
  'tlsv1.2',
  'tlsv1.3',
  // What changes nothing on the way to a server of the sandbox.
  'basic',
  'anyauth',
  'ciphers=',
  'crlf',
  'disallow-username-in-url',
  'http1.0',
  'http2',
  'http2-prior-knowledge',
  'keepalive-time=',
  'limit-rate=',
  'max-filesize=',
  'no-keepalive',
  'no-sessionid',
  'no-styled-output',
  'parallel-max=',
  'proto=',
  'proto-redir=',
  'raw',
  'retry-max-time=',
  'ssl-no-revoke',
  'styled-output',
  'tcp-nodelay',
  'tr-encoding',
]);

export interface CurlSetting {
  name: string;
  value: string;
}

export interface CurlCommand {
  settings: readonly CurlSetting[];
  urls: readonly string[];
}

/** What hinders a call, as curl says it without its name, and its exit code. */
export interface CurlProblem {
  message: string;
  status: number;
}

/** They hold for all parts of a command line. */
const OF_ALL = new Set([
  'silent',
  'show-error',
  'verbose',
  'no-progress-meter',
  'progress-bar',
  'fail-early',
  'stderr',
]);

export interface CurlLine {
  /** The parts that `--next` separates. */
  commands: CurlCommand[];
  problem: CurlProblem | undefined;
}

/** `readConfig`: the words of a configuration file; undefined where it cannot be read. */
export function parseCurl(args: readonly string[], readConfig: (name: string) => string[] | undefined): CurlLine {
  let settings: CurlSetting[] = [];
  let urls: string[] = [];
  const commands: CurlCommand[] = [{ settings, urls }];
  let problem: CurlProblem | undefined;
  const refuse = (message: string, status = 2) => {
    problem ??= { message, status };
  };
  const begin = () => {
    if (urls.length === 0) return;
    settings = [];
    urls = [];
    commands.push({ settings, urls });
  };
  const include = (name: string, shown: string) => {
    const words = readConfig(name);
    if (words) rest.unshift(...words);
    else refuse(`option ${shown}: error encountered when reading a file`, 26);
  };
  const rest = [...args];
  const add = (name: string, shown: string, inline: string | undefined) => {
    if (name === 'next') return begin();
    if (!name.endsWith('=')) return void settings.push({ name, value: '' });
    const value = inline ?? rest.shift();
    if (value === undefined) refuse(`option ${shown}: requires parameter`);
    else if (name === 'config=') include(value, shown);
    else if (name === 'url=') urls.push(value);
    else settings.push({ name: name.slice(0, -1), value });
  };
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === '--') {
      urls.push(...rest);
      break;
    }
    if (arg === '-' || !arg.startsWith('-')) urls.push(arg);
    else if (arg.startsWith('--')) {
      const known = findLong(arg.slice(2));
      if (known === undefined) refuse(`option ${arg}: is unknown`);
      else add(known, arg, undefined);
    } else {
      for (let at = 1; at < arg.length; at += 1) {
        const name = LETTERS[arg[at] ?? ''];
        if (name === undefined) {
          refuse(`option ${arg}: is unknown`);
          break;
        }
        const inline = arg.slice(at + 1);
        add(name, arg, inline === '' ? undefined : inline);
        if (name.endsWith('=')) break;
      }
    }
  }
  const shared = commands.flatMap((command) => command.settings.filter(({ name }) => OF_ALL.has(name)));
  const parts = commands.map((command) => ({ ...command, settings: [...shared, ...command.settings] }));
  return { commands: parts.length > 1 ? parts : commands, problem };
}

/** Options may be shortened where that is clear. */
function findLong(name: string): string | undefined {
  for (const exact of [name, `${name}=`]) if (LONG.has(exact)) return exact;
  const longer = [...LONG].filter((known) => known.startsWith(name));
  return longer.length === 1 ? longer[0] : undefined;
}
