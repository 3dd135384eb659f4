/** The options of `rg`. */
import type { OptionSpec } from '../utilities/options.ts';

/** What has no effect here: how the work is done, not what is found. */
const WITHOUT_EFFECT = {
  'no-config': 'none',
  mmap: 'none',
  'no-mmap': 'none',
  'line-buffered': 'none',
  'block-buffered': 'none',
  'threads=': 'value',
  'engine=': 'value',
  'regex-size-limit=': 'value',
  'dfa-size-limit=': 'value',
  'colors=': 'value',
  'one-file-system': 'none',
  'no-pcre2-unicode': 'none',
  'no-unicode': 'none',
  crlf: 'none',
  'sort=': 'value',
  'sort-files': 'none',
  'no-ignore-messages': 'none',
  'no-require-git': 'no-require-git',
  'encoding=': 'value',
  'auto-hybrid-regex': 'none',
};

export const OPTIONS: OptionSpec = {
  short: 'A:B:C:E:FHILM:NPST:UVabcd:e:f:g:hij:lm:nopqr:st:uvwx0.',
  long: {
    ...WITHOUT_EFFECT,
    'after-context=': 'A',
    'before-context=': 'B',
    'context=': 'C',
    'fixed-strings': 'F',
    'with-filename': 'H',
    'no-filename': 'I',
    follow: 'L',
    'max-columns=': 'M',
    'max-columns-preview': 'preview',
    'no-line-number': 'N',
    pcre2: 'P',
    'smart-case': 'S',
    'type-not=': 'T',
    multiline: 'U',
    'multiline-dotall': 'dotall',
    version: 'V',
    text: 'a',
    binary: 'a',
    'byte-offset': 'b',
    count: 'c',
    'count-matches': 'count-matches',
    'max-depth=': 'd',
    'maxdepth=': 'd',
    'regexp=': 'e',
    'file=': 'f',
    'glob=': 'g',
    'iglob=': 'iglob',
    'glob-case-insensitive': 'glob-case-insensitive',
    help: 'h',
    'ignore-case': 'i',
    'case-sensitive': 's',
    'files-with-matches': 'l',
    'files-without-match': 'files-without-match',
    'max-count=': 'm',
    'line-number': 'n',
    'only-matching': 'o',
    pretty: 'p',
    quiet: 'q',
    'replace=': 'r',
    'type=': 't',
    'type-add=': 'type-add',
    'type-list': 'type-list',
    unrestricted: 'u',
    'invert-match': 'v',
    'word-regexp': 'w',
    'line-regexp': 'x',
    null: '0',
    hidden: '.',
    'no-hidden': 'no-hidden',
    'no-ignore': 'no-ignore',
    'no-ignore-vcs': 'no-ignore-vcs',
    'no-ignore-dot': 'no-ignore-dot',
    'no-ignore-parent': 'no-ignore-parent',
    'no-ignore-exclude': 'none',
    'no-ignore-global': 'none',
    'no-ignore-files': 'none',
    'ignore-file=': 'ignore-file',
    'include-zero': 'include-zero',
    heading: 'heading',
    'no-heading': 'no-heading',
    column: 'column',
    'no-column': 'no-column',
    vimgrep: 'vimgrep',
    json: 'json',
    files: 'files',
    passthru: 'passthru',
    passthrough: 'passthru',
    trim: 'trim',
    'color=': 'color',
    'context-separator=': 'context-separator',
    'no-context-separator': 'no-context-separator',
    'no-messages': 'no-messages',
    'path-separator=': 'value',
    'sortr=': 'sortr',
    'max-filesize=': 'max-filesize',
  },
};

export const USAGE = `USAGE:
    
    rg [OPTIONS] PATTERN [PATH ...]
    rg [OPTIONS] -e PATTERN ... [PATH ...]
    rg [OPTIONS] -f PATTERNFILE ... [PATH ...]
    rg [OPTIONS] --files [PATH ...]
    rg [OPTIONS] --type-list
    command | rg [OPTIONS] PATTERN
    rg [OPTIONS] --help
    rg [OPTIONS] --version
`;

/** How often `-u` stands on a command line: each lifts one restriction more. */
export function timesUnrestricted(args: readonly string[]): number {
  const end = args.indexOf('--');
  return (end === -1 ? args : args.slice(0, end)).reduce((sum, arg) => {
    if (arg === '--unrestricted') return sum + 1;
    return sum + (/^-[a-zA-Z.0]*u/.test(arg) ? arg.replace(/[^u]/g, '').length : 0);
  }, 0);
}
