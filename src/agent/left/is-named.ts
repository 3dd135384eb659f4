import type { TestResult } from '../../session/values.ts';

const words = (text: string): string => text.replace(/ (?:>|›|\|) |\s+/g, ' ').trim();

/**
 * Whether a name in a task's list, or in a call, means a test: its whole path ("cart > adds", also with spaces alone), its title, a suite
 * that it is in, its file, or any of these with `*`.
 */
export function isNamed(name: string, { name: path, file }: Pick<TestResult, 'name' | 'file'>): boolean {
  const wanted = words(name);
  if (wanted === '') return false;
  const [title = ''] = path.slice(-1);
  const whole = words(path.join(' '));
  const suites = path.slice(0, -1).map((_, index) => words(path.slice(0, index + 1).join(' ')));
  const texts = [whole, words(title), ...suites];
  const files = file === undefined ? [] : [file.replace(/^file:\/\//, '')];
  if (!wanted.includes('*')) {
    const isFile = files.some((each) => each === wanted || each.endsWith(`/${wanted.replace(/^\.\//, '')}`));
    // Harnesses write the file before the test's own name.
    return (
      isFile || texts.includes(wanted) || files.some((each) => words(`${baseOf(each)} ${whole}`) === baseOf(wanted))
    );
  }
  const source = wanted
    .split('*')
    .map((part) => part.replace(/[\\^$.+?()[\]{}|]/g, '\\$&'))
    .join('.*');
  const pattern = new RegExp(`^(?:.*/)?${source}$`);
  return [...texts, ...files].some((text) => pattern.test(text));
}

/** The same text with the folders of the file that it begins with left out. */
const baseOf = (text: string): string => text.replace(/^\S*\//, '');

export const namedBy = (names: readonly string[], test: Pick<TestResult, 'name' | 'file'>): boolean =>
  names.some((name) => isNamed(name, test));
