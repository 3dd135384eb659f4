/** What Node's C++ checks once all options are read (`EnvironmentOptions::CheckOptions`). */

type Values = Readonly<Record<string, unknown>>;

const INPUT_TYPES = ['commonjs', 'module', 'commonjs-typescript', 'module-typescript'];
const REJECTION_MODES = ['warn-with-error-code', 'throw', 'strict', 'warn', 'none'];

/** The options that cannot be used with each other. */
const EXCLUSIVE: [first: string, second: string][] = [
  ['--check', '--eval'],
  ['--test', '--check'],
  ['--test', '--eval'],
  ['--test', '--interactive'],
  ['--watch', '--check'],
  ['--watch', '--eval'],
  ['--watch', '--interactive'],
  ['--watch', '--test-force-exit'],
];

/** What is wrong with the values, in Node's words. */
export function checkOptions(values: Values): string[] {
  const errors: string[] = [];
  const isOneOf = (name: string, allowed: readonly string[]): boolean => {
    const value = values[name];
    return typeof value !== 'string' || value === '' || allowed.includes(value);
  };
  if (!isOneOf('--input-type', INPUT_TYPES)) {
    errors.push('--input-type must be "module","commonjs", "module-typescript" or "commonjs-typescript"');
  }
  if (!isOneOf('--unhandled-rejections', REJECTION_MODES)) errors.push('invalid value for --unhandled-rejections');
  if (!isOneOf('--trace-require-module', ['all', 'no-node-modules'])) {
    errors.push('invalid value for --trace-require-module');
  }
  if (values['--test'] && !isOneOf('--test-isolation', ['none', 'process'])) {
    errors.push('invalid value for --test-isolation');
  }
  if (values['--permission'] === true)
    errors.push('--permission is not available in this sandbox: nothing enforces it');
  if (values['--v8-options'] === true)
    errors.push('--v8-options is not available in this sandbox: a browser does not tell them');
  if (values['--build-snapshot'] === true)
    errors.push('--build-snapshot is not available in this sandbox: a browser gives a page no snapshot of its heap');
  for (const [first, second] of EXCLUSIVE) {
    if (isGiven(values, first) && isGiven(values, second))
      errors.push(`either ${first} or ${second} can be used, not both`);
  }
  return errors;
}

const isGiven = (values: Values, name: string): boolean =>
  values[name === '--eval' ? '[has_eval_string]' : name] === true;
