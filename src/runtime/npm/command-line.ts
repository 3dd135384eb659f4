/** npm's command line: configuration flags anywhere before `--`, then words. */

export interface NpmCommandLine {
  command: string;
  args: string[];
  /** Behind `--`, for the script. */
  silent: boolean;
  ifPresent: boolean;
  ignoreScripts: boolean;
  json: boolean;
  yes: boolean;
  version: boolean;
  prefix: string | undefined;
  /** Names or folders of workspaces that the command is for. */
  workspaces: string[];
  allWorkspaces: boolean;
  includeRoot: boolean;
  /** Of `exec -c`. */
  call: string | undefined;
  /** Flags that npm does not know, for its warning. */
  unknown: string[];
  /** What flags set, known to npm or not: scripts find it as `npm_config_…`. */
  config: Map<string, string>;
}

const BOOLEANS: Record<
  string,
  'silent' | 'ifPresent' | 'ignoreScripts' | 'json' | 'yes' | 'version' | 'allWorkspaces' | 'includeRoot'
> = {
  '--silent': 'silent',
  '-s': 'silent',
  '--if-present': 'ifPresent',
  '--ignore-scripts': 'ignoreScripts',
  '--json': 'json',
  '--yes': 'yes',
  '-y': 'yes',
  '--version': 'version',
  '-v': 'version',
  '--workspaces': 'allWorkspaces',
  '-ws': 'allWorkspaces',
  '--include-workspace-root': 'includeRoot',
  '-iwr': 'includeRoot',
};
const VALUES: Record<string, 'prefix' | 'call'> = {
  '--prefix': 'prefix',
  '-C': 'prefix',
  '--call': 'call',
  '-c': 'call',
};
/** Known to npm and without effect here. */
const IGNORED = new Set([
  '--quiet',
  '-q',
  '--verbose',
  '-d',
  '-dd',
  '-ddd',
  '--force',
  '--no-install',
  '--no',
  '--no-yes',
  '-f',
  '--offline',
  '--prefer-offline',
  '--save',
  '-S',
  '--save-dev',
  '-D',
  '--save-exact',
  '-E',
  '--global',
  '-g',
  '--production',
  '--legacy-peer-deps',
  '--foreground-scripts',
  '--audit',
  '--fund',
  '--progress',
  '--color',
  '--update-notifier',
  '--long',
  '-l',
  '--all',
  '-a',
  '--package-lock',
  '--dry-run',
  '--parseable',
  '--git-tag-version',
  '--allow-same-version',
  '--commit-hooks',
  '--sign-git-tag',
  '-p',
]);
const IGNORED_VALUES = new Set([
  '--loglevel',
  '--registry',
  '--cache',
  '--userconfig',
  '--script-shell',
  '--omit',
  '--include',
  '--depth',
  '--package',
  '--message',
  '-m',
  '--preid',
  '--tag-version-prefix',
  '--pack-destination',
]);

/** What npm around this one has told its scripts. */
function takeEnvironment(line: NpmCommandLine, env: ReadonlyMap<string, string>): void {
  line.silent = env.get('npm_config_loglevel') === 'silent';
  line.ignoreScripts = env.get('npm_config_ignore_scripts') === 'true';
}

export function parseNpmCommandLine(
  argv: readonly string[],
  env: ReadonlyMap<string, string>,
  execute = false,
): NpmCommandLine {
  const line: NpmCommandLine = {
    command: '',
    args: [],
    silent: false,
    ifPresent: false,
    ignoreScripts: false,
    json: false,
    yes: false,
    version: false,
    prefix: undefined,
    workspaces: [],
    allWorkspaces: false,
    includeRoot: false,
    call: undefined,
    unknown: [],
    config: new Map(),
  };
  takeEnvironment(line, env);
  const words: string[] = [];
  for (let i = 0; i < argv.length; i += 1) {
    const arg = argv[i] ?? '';
    if (arg === '--') {
      words.push(...argv.slice(i + 1));
      break;
    }
    if (!arg.startsWith('-') || arg === '-') {
      words.push(arg);
      // What follows the program of `npx PROGRAM` is the program's own.
      if (execute && words.length === 1) {
        words.push(...argv.slice(i + 1));
        break;
      }
      continue;
    }
    const [name = '', inline] =
      arg.startsWith('--') && arg.includes('=')
        ? [arg.slice(0, arg.indexOf('=')), arg.slice(arg.indexOf('=') + 1)]
        : [arg];
    i += takeFlag(line, { name: name === '-m' ? '--message' : name, inline, next: argv[i + 1], arg });
  }
  line.command = execute ? 'exec' : (words.shift() ?? '');
  line.args = words;
  return line;
}

/** Answers with how many further words the flag took. */
function takeFlag(
  line: NpmCommandLine,
  flag: { name: string; inline: string | undefined; next: string | undefined; arg: string },
): number {
  const { name, inline, next, arg } = flag;
  const boolean = BOOLEANS[name];
  const value = VALUES[name];
  if (boolean) {
    line[boolean] = inline !== 'false';
    noteConfig(line, name, inline);
  } else if (value) {
    line[value] = inline ?? next ?? '';
    return inline === undefined ? 1 : 0;
  } else if (name === '--workspace' || name === '-w') {
    line.workspaces.push(inline ?? next ?? '');
    return inline === undefined ? 1 : 0;
  } else if (IGNORED_VALUES.has(name)) {
    if (name === '--loglevel') line.silent = (inline ?? next) === 'silent';
    noteConfig(line, name, inline ?? next ?? '');
    return inline === undefined ? 1 : 0;
  } else {
    noteConfig(line, name, inline);
    if (!IGNORED.has(name) && !(name.startsWith('--no-') && IGNORED.has(`--${name.slice(5)}`))) line.unknown.push(arg);
  }
  return 0;
}

/** What is true unless a flag says otherwise: scripts are told of what differs. */
const TRUE_BY_DEFAULT = new Set(['audit', 'fund', 'save', 'package_lock', 'update_notifier']);
/** They have another name in the configuration, or npm does not tell scripts of them. */
const NO_CONFIG = new Set([
  'silent',
  'quiet',
  'verbose',
  'progress',
  'color',
  'version',
  'if_present',
  'workspaces',
  'include_workspace_root',
]);

function noteConfig({ config }: NpmCommandLine, flag: string, value = 'true'): void {
  if (!flag.startsWith('--')) return;
  const isNegated = flag.startsWith('--no-');
  const name = flag
    .slice(isNegated ? 5 : 2)
    .replaceAll('-', '_')
    .toLowerCase();
  if (NO_CONFIG.has(name)) return;
  const given = isNegated || value === 'false' ? '' : value;
  if (TRUE_BY_DEFAULT.has(name) && given === 'true') config.delete(name);
  else config.set(name, given);
}
