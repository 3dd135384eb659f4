import type { TestResult } from '../../session/events.ts';
import { countStatus, type Reading } from './reading.ts';

const TAG = /<(\/?)(testsuites?|testcase|failure|error|skipped)\b((?:[^>"']|"[^"]*"|'[^']*')*)>/g;

/** JUnit's XML, as node:test, mocha (xunit), vitest and reporters of jest write it: suites in suites, or their names in `classname`. */
export function readJunit(output: string): Reading | null {
  if (!/<testsuites?\b/.test(output) || !/<\/testsuites?>/.test(output)) return null;
  const reader = new JunitReader();
  for (const match of output.matchAll(TAG)) {
    const [whole, slash, tag = '', rest = ''] = match;
    const end = match.index + whole.length;
    if (slash === '/') reader.close(tag, output.slice(0, match.index));
    else reader.open({ tag, attributes: readAttributes(rest), isClosed: rest.endsWith('/'), end });
  }
  const { tests } = reader;
  const skipped = countStatus(tests, 'skipped') + countStatus(tests, 'todo');
  const counts = { passed: countStatus(tests, 'passed'), failed: countStatus(tests, 'failed'), skipped };
  return { format: 'junit', counts, tests };
}

interface Tag {
  readonly tag: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly isClosed: boolean;
  /** Where it ends in the output. */
  readonly end: number;
}

class JunitReader {
  readonly tests: TestResult[] = [];
  readonly #suites: string[] = [];
  #test: TestResult | null = null;
  /** Where the text of a failure begins. */
  #from = 0;

  open({ tag, attributes, isClosed, end }: Tag): void {
    if (tag === 'testsuite') {
      if (!isClosed) this.#suites.push(attributes.get('name') ?? '');
    } else if (tag === 'testcase') {
      this.#test = { ...namesOf(attributes, this.#suites), status: 'passed' };
      if (isClosed) this.close(tag, '');
    } else if (this.#test && (tag === 'failure' || tag === 'error')) {
      this.#test = { ...this.#test, status: 'failed', message: attributes.get('message') ?? '' };
      this.#from = isClosed ? 0 : end;
    } else if (this.#test && tag === 'skipped')
      this.#test = { ...this.#test, status: attributes.get('type') === 'todo' ? 'todo' : 'skipped' };
  }

  close(tag: string, before: string): void {
    if (tag === 'testsuite') this.#suites.pop();
    else if (tag === 'testcase' && this.#test) {
      this.tests.push(this.#test);
      this.#test = null;
    } else if (this.#test && this.#from > 0) {
      const text = decode(before.slice(this.#from))
        .replace(/^<!\[CDATA\[|\]\]>$/g, '')
        .trim();
      if (text !== '') this.#test = { ...this.#test, message: text };
      this.#from = 0;
    }
  }
}

const FILE = /\.[cm]?[jt]sx?$/;

function namesOf(
  attributes: ReadonlyMap<string, string>,
  suites: readonly string[],
): Pick<TestResult, 'name' | 'file'> {
  const own = (attributes.get('name') ?? '').split(' > ');
  const className = attributes.get('classname') ?? '';
  const file = attributes.get('file') ?? [className, ...suites].find((each) => FILE.test(each));
  const around = suites.filter(
    (each) => each !== '' && !FILE.test(each) && !/^(?:Mocha|Jest|vitest|jest) tests$/i.test(each),
  );
  // Mocha's xunit has the suites in `classname`; node:test has "test" there, others the file.
  const above = className === '' || className === 'test' || FILE.test(className) ? [] : [className];
  const parents = around.length > 0 ? around : above;
  return { name: [...parents, ...own], ...(file === undefined ? {} : { file }) };
}

function readAttributes(text: string): Map<string, string> {
  return new Map(
    [...text.matchAll(/([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)].map(([, name = '', double, single]) => [
      name,
      decode(double ?? single ?? ''),
    ]),
  );
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function decode(text: string): string {
  return text.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (whole, hex?: string, decimal?: string, name = '') => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    return Object.hasOwn(ENTITIES, name) ? (ENTITIES[name] ?? whole) : whole;
  });
}
