/** How commits are written: git's formats of log and show. */
import { strftime } from '../utilities/strftime.ts';
import { colourCode, colourDecoration, painted, RESET, YELLOW } from './colour.ts';
import { zoneText } from './identity.ts';
import type { CommitInfo } from './repository.ts';
import { trailersOf } from './trailers.ts';

interface Moment {
  timestamp: number;
  timezoneOffset: number;
}

function formatMoment({ timestamp, timezoneOffset }: Moment, format: string): string {
  const zone = { offsetAt: () => -timezoneOffset, nameAt: () => zoneText(timezoneOffset) };
  return strftime(format, timestamp * 1000, zone);
}

export function dateText(moment: Moment, style = 'default'): string {
  switch (style) {
    case 'iso':
    case 'iso8601':
      return formatMoment(moment, '%Y-%m-%d %H:%M:%S %z');
    case 'iso-strict':
    case 'iso8601-strict':
      return formatMoment(moment, '%Y-%m-%dT%H:%M:%S%:z');
    case 'short':
      return formatMoment(moment, '%Y-%m-%d');
    case 'unix':
      return String(moment.timestamp);
    case 'raw':
      return `${moment.timestamp} ${zoneText(moment.timezoneOffset)}`;
    case 'rfc':
    case 'rfc2822':
      return formatMoment(moment, '%a, %-d %b %Y %H:%M:%S %z');
    case 'relative':
      return relativeDate(moment.timestamp);
    default:
      if (style.startsWith('format:')) return formatMoment(moment, style.slice(7));
      return formatMoment(moment, '%a %b %-d %H:%M:%S %Y %z');
  }
}

const FIVE_YEARS = 1825;

/** In git's own steps: days up to two weeks, weeks up to ten, months up to a year, both up to five years. */
function relativeDate(timestamp: number): string {
  const seconds = Math.max(0, Math.floor(Date.now() / 1000) - timestamp);
  const count = (number: number, unit: string) => `${number} ${unit}${number === 1 ? '' : 's'}`;
  if (seconds < 90) return `${count(seconds, 'second')} ago`;
  const minutes = Math.floor((seconds + 30) / 60);
  if (minutes < 90) return `${count(minutes, 'minute')} ago`;
  const hours = Math.floor((minutes + 30) / 60);
  if (hours < 36) return `${count(hours, 'hour')} ago`;
  const days = Math.floor((hours + 12) / 24);
  if (days < 14) return `${count(days, 'day')} ago`;
  if (days < 70) return `${count(Math.floor((days + 3) / 7), 'week')} ago`;
  if (days < 365) return `${count(Math.floor((days + 15) / 30), 'month')} ago`;
  if (days >= FIVE_YEARS) return `${count(Math.floor((days + 183) / 365), 'year')} ago`;
  const months = Math.floor((days * 24 + 365) / 730);
  const years = count(Math.floor(months / 12), 'year');
  return months % 12 === 0 ? `${years} ago` : `${years}, ${count(months % 12, 'month')} ago`;
}

export interface FormatInput {
  commit: CommitInfo;
  /** "oneline", "medium", …, or "format:…". */
  format: string;
  date: string;
  /** Names of the refs on the commit, as in `(HEAD -> main, tag: v1)`; none when they are not shown. */
  decoration: string;
  /** Always known, for `%d`. */
  refs: string;
  fullHash: boolean;
  /** Of the line `commit …`, too. */
  shortHash?: boolean;
  colour?: boolean;
  /** Names of the remotes: branches of theirs have another colour. */
  remotes?: readonly string[];
  /** What `git notes` says of it; empty: nothing. */
  notes?: string;
  /** Of which side of `A...B` it is, and whether all formats tell. */
  side?: { mark: '<' | '>'; shown: boolean };
}

export function formatCommit(input: FormatInput): string {
  const { commit, format, date, decoration } = input;
  const short = input.fullHash ? commit.oid : commit.oid.slice(0, 7);
  const lines = commit.message.replace(/\n+$/, '').split('\n');
  const body = lines
    .map((line) => (line === '' ? '' : `    ${line}`))
    .join('\n')
    .replace(/\n(?=\n|$)/g, '\n');
  const merge =
    commit.parents.length > 1 ? `Merge: ${commit.parents.map((parent) => parent.slice(0, 7)).join(' ')}\n` : '';
  const person = (who: CommitInfo['author']) => `${who.name} <${who.email}>`;
  const id = (text: string) => painted(YELLOW, text, input.colour === true);
  const mark = input.side?.shown ? `${input.side.mark} ` : '';
  const head = `${id(`commit ${mark}${input.shortHash ? commit.oid.slice(0, 7) : commit.oid}`)}${decoration}\n${merge}`;
  const indented = lines.map((line) => `    ${line}`).join('\n');
  switch (format) {
    case 'oneline':
      return `${id(mark + short)}${decoration} ${subject(commit)}`;
    case 'short':
      return `${head}Author: ${person(commit.author)}\n\n    ${subject(commit)}\n`;
    case 'full':
      return `${head}Author: ${person(commit.author)}\nCommit: ${person(commit.committer)}\n\n${indented}\n`;
    case 'fuller':
      return `${head}Author:     ${person(commit.author)}\nAuthorDate: ${dateText(commit.author, date)}\nCommit:     ${person(commit.committer)}\nCommitDate: ${dateText(commit.committer, date)}\n\n${indented}\n`;
    case 'raw':
      return `${id(`commit ${mark}${commit.oid}`)}${decoration}\ntree ${commit.tree}\n${commit.parents.map((parent) => `parent ${parent}\n`).join('')}author ${person(commit.author)} ${dateText(commit.author, 'raw')}\ncommitter ${person(commit.committer)} ${dateText(commit.committer, 'raw')}\n\n${body}\n`;
    case 'medium':
      return `${head}Author: ${person(commit.author)}\nDate:   ${dateText(commit.author, date)}\n\n${indented}\n`;
    case 'email':
    case 'mboxrd':
      return `From ${commit.oid} Mon Sep 17 00:00:00 2001\nFrom: ${person(commit.author)}\nDate: ${dateText(commit.author, 'rfc')}\nSubject: [PATCH] ${subject(commit)}\n\n${bodyOf(commit)}`;
    case 'reference':
      return `${id(commit.oid.slice(0, 7))} (${subject(commit)}, ${dateText(commit.author, 'short')})`;
    default:
      return expandFormat(format, input);
  }
}

/** The first paragraph, on one line. */
export function subject({ message }: CommitInfo): string {
  return (message.replace(/^\n+/, '').split(/\n\s*\n/)[0] ?? '').trim().replaceAll('\n', ' ');
}

function bodyOf({ message }: CommitInfo): string {
  const at = /\n\s*\n/.exec(message);
  return at ? `${message.slice(at.index + at[0].length).replace(/\n+$/, '')}\n` : '';
}

function expandFormat(format: string, input: FormatInput): string {
  const { commit, date, refs } = input;
  const { author, committer } = commit;
  const plainRefs = refs.replace(/^ \(|\)$/g, '');
  const person = (who: CommitInfo['author'], letter: string): string | undefined => {
    const styles: Record<string, string> = {
      d: date,
      i: 'iso',
      I: 'iso-strict',
      s: 'short',
      t: 'unix',
      D: 'rfc',
      r: 'relative',
    };
    if (letter === 'n' || letter === 'N') return who.name;
    if (letter === 'e' || letter === 'E') return who.email;
    if (letter === 'l') return who.email.split('@')[0] ?? '';
    const style = styles[letter];
    return style === undefined ? undefined : dateText(who, style);
  };
  const values: Record<string, string> = {
    H: commit.oid,
    h: commit.oid.slice(0, 7),
    T: commit.tree,
    t: commit.tree.slice(0, 7),
    P: commit.parents.join(' '),
    p: commit.parents.map((parent) => parent.slice(0, 7)).join(' '),
    s: subject(commit),
    f: subject(commit)
      .replace(/[^\w.]+/g, '-')
      .replace(/^-|-$/g, ''),
    b: bodyOf(commit),
    B: `${commit.message.replace(/\n+$/, '')}\n`,
    D: plainRefs,
    n: '\n',
    '%': '%',
    e: '',
    N: input.notes ?? '',
    m: input.side?.mark ?? '>',
  };
  const colourOf = (given: string): string => {
    const [, words = '', always] = /^\(?((always,)?.*?)\)?$/.exec(given) ?? [];
    if (words === 'auto') {
      automatic = input.colour === true;
      return automatic && begun ? RESET : '';
    }
    automatic = false;
    if (input.colour || always !== undefined) return colourCode(words.replace(/^(?:always|auto),/, ''));
    return '';
  };
  /** Behind `%C(auto)`: ids and names of refs have their colours, until another one is named. */
  let automatic = false;
  let begun = false;
  const shownRefs = (text: string) => (automatic ? colourDecoration(text, input.remotes ?? []) : text);
  let padding: string | undefined;
  /** `%<(10)` and its like are for what comes next. */
  const padded = (text: string) => {
    const given = padding;
    padding = undefined;
    return given === undefined ? text : pad(text, given);
  };
  const pattern =
    /%(?:\((trailers[^)]*)\)|a(\w)|c(\w)|x([\da-fA-F]{2})|C(\([^)]*\)|reset|red|green|blue)|w\([^)]*\)|([<>]{1,2}\([^)]*\))|(G.|g[dDsnN])|([A-Za-z%]))/g;
  return format.replace(
    pattern,
    (
      all,
      trailers?: string,
      a?: string,
      c?: string,
      hex?: string,
      paint?: string,
      align?: string,
      special?: string,
      letter?: string,
      at = 0,
    ) => {
      if (align !== undefined) {
        padding = align;
        return '';
      }
      // No signatures are made, and there is no walk of the reflog here.
      if (special !== undefined) return special === 'G?' ? 'N' : '';
      begun ||= at > 0;
      if (trailers !== undefined) return padded(trailersOf(commit.message, trailers.slice('trailers:'.length)));
      if (paint !== undefined) return colourOf(paint);
      if (a !== undefined) return padded(person(author, a) ?? all);
      if (c !== undefined) return padded(person(committer, c) ?? all);
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
      if (letter === undefined) return '';
      if (letter === 'd') return padded(shownRefs(refs));
      if (letter === 'D' && automatic) return colourDecoration(refs, input.remotes ?? [], ['', '']);
      if (automatic && /[hH]/.test(letter)) return padded(painted(YELLOW, values[letter] ?? ''));
      return padded(values[letter] ?? all);
    },
  );
}

/** `<(N)`, `>(N)`, `<(N,trunc)`: to a width, cut where it is asked for. */
function pad(text: string, align: string): string {
  const [, side = '<', size = '0', cut] = /^([<>]+)\(\s*(\d+)\s*(?:,\s*(\w+))?\)$/.exec(align) ?? [];
  const width = Number(size);
  let shown = text;
  if (cut !== undefined && text.length > width && width >= 2) {
    const kept = width - 2;
    if (cut === 'ltrunc') shown = `..${text.slice(text.length - kept)}`;
    else if (cut === 'mtrunc')
      shown = `${text.slice(0, Math.floor(kept / 2))}..${text.slice(text.length - Math.ceil(kept / 2))}`;
    else shown = `${text.slice(0, kept)}..`;
  }
  if (side === '><') return shown.padStart(Math.floor((width + shown.length) / 2)).padEnd(width);
  return side.startsWith('>') ? shown.padStart(width) : shown.padEnd(width);
}
