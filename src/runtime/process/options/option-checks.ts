/** What Node's C++ checks once all options are read (`EnvironmentOptions::CheckOptions`). */
import { percentageErrors } from '../heap-limit.ts';

type Values = Readonly<Record<string, unknown>>;

/** What an option may be, and what Node says of anything else. */
const CHOICES: Record<string, { allowed: string[]; error: string }> = {
  '--input-type': {
    allowed: ['commonjs', 'module', 'commonjs-typescript', 'module-typescript'],
    error: '--input-type must be "module","commonjs", "module-typescript" or "commonjs-typescript"',
  },
  '--unhandled-rejections': {
    allowed: ['warn-with-error-code', 'throw', 'strict', 'warn', 'none'],
    error: 'invalid value for --unhandled-rejections',
  },
  '--trace-require-module': {
    allowed: ['all', 'no-node-modules'],
    error: 'invalid value for --trace-require-module',
  },
  '--use-largepages': { allowed: ['off', 'on', 'silent'], error: 'invalid value for --use-largepages' },
};

/** The options that cannot be used with each other. */
const EXCLUSIVE: [first: string, second: string][] = [
  ['--check', '--eval'],
  ['--test', '--check'],
  ['--test', '--eval'],
  ['--test', '--interactive'],
  ['--watch', '--check'],
  ['--watch', '--eval'],
  ['--watch', '--interactive'],
  ['--tls-min-v1.3', '--tls-max-v1.2'],
  ['--use-openssl-ca', '--use-bundled-ca'],
  ['--watch', '--test-force-exit'],
];

const NO_SNAPSHOT = 'a browser gives a page no snapshot of its heap';
/** Nothing that is asked for with these could be done. */
const UNAVAILABLE: Record<string, string> = {
  '--permission': 'nothing enforces it',
  '--build-snapshot': NO_SNAPSHOT,
  '--build-snapshot-config': NO_SNAPSHOT,
  '--snapshot-blob': NO_SNAPSHOT,
  '--experimental-sea-config': 'no browser runs machine code',
  '--prof-process': 'a browser writes no profile of V8',
};

const NO_PROFILE = 'a browser lets no page profile its programs';
/** The program runs, without what was asked for. */
const WITHOUT_EFFECT: Record<string, string> = {
  '--inspect': 'a browser gives a page no debugger',
  '--cpu-prof': NO_PROFILE,
  '--heap-prof': NO_PROFILE,
  '--heapsnapshot-signal': NO_SNAPSHOT,
  '--disallow-code-generation-from-strings': 'a page cannot tell its engine to',
};

/** What the user is told of options that have no effect, a line each. */
export const notesOn = (values: Values): string[] =>
  Object.entries(WITHOUT_EFFECT).flatMap(([name, reason]) =>
    isAsked(values, name) ? [`${name} has no effect in this sandbox: ${reason}`] : [],
  );

/** The options that say how, by the one that says whether. */
const DEPENDENT: Record<string, string[]> = {
  '--cpu-prof': ['--cpu-prof-name', '--cpu-prof-dir', '--cpu-prof-interval'],
  '--heap-prof': ['--heap-prof-name', '--heap-prof-dir', '--heap-prof-interval'],
};
/** Node's defaults, in microseconds and bytes. */
const DEFAULT_INTERVALS: Record<string, number> = { '--cpu-prof-interval': 1000, '--heap-prof-interval': 512 * 1024 };

/** What is wrong with the values, in Node's words; `words` are those behind the options. */
export function checkOptions(values: Values, words: readonly string[]): string[] {
  const errors = [
    ...wrongValues(values),
    ...missingOptions(values),
    ...Object.entries(UNAVAILABLE).flatMap(([name, reason]) =>
      isAsked(values, name) ? [`${name} is not available in this sandbox: ${reason}`] : [],
    ),
    ...EXCLUSIVE.filter((names) => names.every((name) => isGiven(values, name))).map(
      ([first, second]) => `either ${first} or ${second} can be used, not both`,
    ),
  ];
  return [...errors, ...wrongWatch(values, errors.length === 0 && !words[0])];
}

function wrongValues(values: Values): string[] {
  const errors: string[] = [];
  for (const [name, { allowed, error }] of Object.entries(CHOICES)) {
    if (!isOneOf(values[name], allowed)) errors.push(error);
  }
  if (values['--test'] && !isOneOf(values['--test-isolation'], ['none', 'process']))
    errors.push('invalid value for --test-isolation');
  for (const destination of String(values['--inspect-publish-uid'] ?? '').split(',')) {
    if (!isOneOf(destination, ['stderr', 'http']))
      errors.push('--inspect-publish-uid destination can be stderr or http');
  }
  for (const name of ['--secure-heap', '--secure-heap-min']) {
    const size = Number(values[name] ?? 0);
    if (size >= 2 && !Number.isInteger(Math.log2(size))) errors.push(`${name} must be a power of 2`);
  }
  if (Number(values['--heapsnapshot-near-heap-limit'] ?? 0) < 0)
    errors.push('--heapsnapshot-near-heap-limit must not be negative');
  errors.push(...percentageErrors(values));
  if (values['--debug'] || values['--debug-brk'])
    errors.push(
      '[DEP0062]: `node --debug` and `node --debug-brk` are invalid. Please use `node --inspect` and `node --inspect-brk` instead.',
    );
  return errors;
}

const isOneOf = (value: unknown, allowed: readonly string[]): boolean =>
  typeof value !== 'string' || value === '' || allowed.includes(value);

function missingOptions(values: Values): string[] {
  return Object.entries(DEPENDENT).flatMap(([name, dependents]) =>
    values[name]
      ? []
      : dependents
          .filter((dependent) => (values[dependent] || DEFAULT_INTERVALS[dependent]) !== DEFAULT_INTERVALS[dependent])
          .map((dependent) => `${dependent} must be used with ${name}`),
  );
}

/** `hasNoFile`: nothing else is wrong, and no script was named. */
function wrongWatch(values: Values, hasNoFile: boolean): string[] {
  if (values['--watch'] !== true) return [];
  if (values['--test'] !== true) return hasNoFile ? ['--watch requires specifying a file'] : [];
  const paths = values['--watch-path'];
  return Array.isArray(paths) && paths.length > 0 ? ['--watch-path cannot be used in combination with --test'] : [];
}

/** What is wrong with the argument of `--inspect-port`: a port, a host, or both. */
export function portError(value: string): string[] {
  const port = /(?:^|:)(\d+)$/.exec(value)?.[1];
  const isValid = port === undefined || Number(port) === 0 || (Number(port) >= 1024 && Number(port) <= 65_535);
  return isValid ? [] : ['must be 0 or in range 1024 to 65535.'];
}

/** What Node finds wrong when it starts, for which it has another exit code. */
export function checkAtStart(values: Values): string | null {
  const mode = values['--disable-proto'];
  if (mode && mode !== 'delete' && mode !== 'throw') return 'invalid mode passed to --disable-proto';
  const [revert] = [values['--security-revert']].flat();
  // Each release knows a few of its own; 24.11 none.
  return revert ? `Error: Attempt to revert an unknown CVE [${String(revert)}]` : null;
}

const isGiven = (values: Values, name: string): boolean =>
  values[name === '--eval' ? '[has_eval_string]' : name] === true;

/** Of a string: it has one. */
const isAsked = (values: Values, name: string): boolean =>
  values[name] === true || (typeof values[name] === 'string' && values[name] !== '');
