/** What npm's options are when nothing says otherwise: `npm config get`, and `ls -l`. */
import { BETWEEN_ELEMENTS } from './configuration.ts';
import { SETTINGS, SWITCHES, TRUE_BY_DEFAULT } from './flags.ts';

export type Setting = string | number | boolean | null | readonly string[];

/** Switches that are neither on nor off. */
const UNDECIDED = new Set(['browser', 'expect-results', 'optional', 'production', 'workspaces', 'yes']);

/** All others are null; so is `registry`, as the sandbox reaches none. */
const VALUES: Readonly<Record<string, Setting>> = {
  'allow-directory': 'all',
  'allow-file': 'all',
  'allow-git': 'all',
  'allow-remote': 'all',
  'allow-scripts': [''],
  'auth-type': 'web',
  'cache-min': 0,
  call: '',
  diff: [],
  'diff-dst-prefix': 'b/',
  'diff-src-prefix': 'a/',
  'diff-unified': 3,
  editor: 'vi',
  'fetch-retries': 2,
  'fetch-retry-factor': 10,
  'fetch-retry-maxtimeout': 60_000,
  'fetch-retry-mintimeout': 10_000,
  'fetch-timeout': 300_000,
  git: 'git',
  globalconfig: '/usr/local/etc/npmrc',
  heading: 'npm',
  include: [],
  'init-author-email': '',
  'init-author-name': '',
  'init-author-url': '',
  'init-license': 'ISC',
  'init-type': 'commonjs',
  'init-version': '1.0.0',
  'init.author.email': '',
  'init.author.name': '',
  'init.author.url': '',
  'init.license': 'ISC',
  'init.version': '1.0.0',
  'install-strategy': 'hoisted',
  location: 'user',
  loglevel: 'notice',
  'logs-max': 10,
  maxsockets: 15,
  message: '%s',
  'min-release-age-exclude': [],
  'node-gyp': '/usr/local/lib/node_modules/npm/node_modules/node-gyp/bin/node-gyp.js',
  noproxy: [''],
  omit: [],
  'pack-destination': '.',
  package: [],
  packages: [],
  prefix: '/usr/local',
  preid: '',
  'replace-registry-host': 'npmjs',
  'save-prefix': '^',
  'sbom-type': 'library',
  scope: '',
  searchexclude: '',
  searchlimit: 20,
  searchopts: '',
  searchstaleness: 900,
  shell: 'sh',
  tag: 'latest',
  'tag-version-prefix': 'v',
  umask: 0,
  'user-agent': 'npm/{npm-version} node/{node-version} {platform} {arch} workspaces/{workspaces} {ci}',
  viewer: 'man',
  workspace: [],
};

/** Files of the user's. */
const AT_HOME: Readonly<Record<string, string>> = {
  cache: '.npm',
  'init-module': '.npm-init.js',
  'init.module': '.npm-init.js',
  userconfig: '.npmrc',
};

/** Undefined for what is no option. */
export function defaultSetting(name: string, home: string): Setting | undefined {
  if (Object.hasOwn(AT_HOME, name)) return `${home}/${AT_HOME[name]}`;
  if (Object.hasOwn(VALUES, name)) return VALUES[name];
  if (UNDECIDED.has(name)) return null;
  if (SWITCHES.has(name)) return TRUE_BY_DEFAULT.has(name);
  return SETTINGS.has(name) ? null : undefined;
}

/** What the text of an option stands for: a switch, a number, a list, `null`, or itself. */
export function settingOf(name: string, text: string): Setting {
  if (text === 'null') return null;
  if (Array.isArray(VALUES[name]) || text.includes(BETWEEN_ELEMENTS)) return text.split(BETWEEN_ELEMENTS);
  if (text === 'true' || text === 'false') return text === 'true';
  const isNumber = typeof VALUES[name] === 'number' || NUMBERS.has(name);
  return isNumber && text.trim() !== '' && !Number.isNaN(Number(text)) ? Number(text) : text;
}

const NUMBERS = new Set([
  'cache-max',
  'depth',
  'expect-result-count',
  'expires',
  'lockfile-version',
  'min-release-age',
  'which',
]);
