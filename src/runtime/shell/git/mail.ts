/** Commits as mails, as git format-patch writes them and git am reads them. */

import { gitDate, type Person } from './identity.ts';
import { dateText, subject } from './log-format.ts';
import type { CommitInfo } from './repository.ts';

const LINE = 78;
const ENCODED_LINE = 76;
const isAscii = (text: string): boolean => /^\p{ASCII}*$/u.test(text);

/** The mail up to the changes. `tag` is what stands in brackets: `PATCH 1/3`. */
export function mailOf(commit: CommitInfo, tag: string, extra = ''): string {
  const title = subject(commit);
  const body = commit.message
    .replace(/^\n+/, '')
    .split(/\n\s*\n/)
    .slice(1)
    .join('\n\n')
    .replace(/\n+$/, '');
  const start = `Subject: ${tag === '' ? '' : `[${tag}] `}`;
  const text = isAscii(title) ? wrap(start, title) : start + encodeWords(title, start.length, false);
  const plain = isAscii(commit.message) && isAscii(commit.author.name);
  const mime = plain
    ? ''
    : 'MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n';
  return `From ${commit.oid} Mon Sep 17 00:00:00 2001\nFrom: ${sender(commit.author)}\nDate: ${dateText(commit.author, 'rfc')}\n${text}\n${mime}${extra}\n${body === '' ? '' : `${body}\n`}---\n`;
}

function sender({ name, email }: CommitInfo['author']): string {
  const shown = !isAscii(name)
    ? encodeWords(name, 'From: '.length, true)
    : /[()<>[\]:;@\\,."]/.test(name)
      ? `"${name.replace(/["\\]/g, '\\$&')}"`
      : name;
  const last = `From: ${shown}`.split('\n').at(-1)?.length ?? 0;
  return `${shown}${last + email.length + 3 > LINE ? '\n' : ''} <${email}>`;
}

/** Long titles go on in lines that begin with a space. */
function wrap(start: string, title: string): string {
  let text = start.trimEnd();
  let width = text.length;
  for (const word of title.split(' ')) {
    const gap = width + 1 + word.length > LINE ? '\n ' : ' ';
    text += gap + word;
    width = gap === ' ' ? width + 1 + word.length : 1 + word.length;
  }
  return text;
}

/** RFC 2047. In an address fewer characters stand for themselves. */
function encodeWords(text: string, column: number, isAddress: boolean): string {
  const open = '=?UTF-8?q?';
  let result = open;
  let width = column + open.length;
  for (const char of text) {
    const special = /[^\x21-\x7e]|[=?_]/.test(char) || (isAddress && !/[\w!*+/-]/.test(char));
    const bytes = special ? [...new TextEncoder().encode(char)] : [];
    const encoded = special
      ? bytes.map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')
      : char;
    if (width + encoded.length + 2 > ENCODED_LINE) {
      result += `?=\n ${open}`;
      width = open.length + 1;
    }
    result += encoded;
    width += encoded.length;
  }
  return `${result}?=`;
}

/** The name of the file that a mail goes into. */
export function mailFileName(commit: CommitInfo, number: number, version = ''): string {
  const title = subject(commit)
    .replace(/[^\w.]+/g, '-')
    .replace(/\.{2,}/g, '.')
    .replace(/^-/, '')
    .replace(/[-.]+$/, '');
  return `${`${version}${String(number).padStart(4, '0')}-${title}`.slice(0, 57)}.patch`;
}

export interface PatchMail {
  author: Pick<Person, 'name' | 'email' | 'timestamp' | 'timezoneOffset'>;
  message: string;
  patch: string;
  /** The mail as it was. */
  text: string;
}

/** The mails of a file; none when it has no such form. */
export function splitMails(text: string): string[] {
  if (!/^(?:From |[\w-]+:)/.test(text)) return [];
  return text
    .split(/^(?=From [\da-f]{40} |From \S+ +\w{3} \w{3} +\d+ [\d:]{8} \d{4}$)/m)
    .filter((mail) => mail.trim() !== '');
}

/** With `keep` the subject stays as it is. Throws GitError for a date that is none. */
export function readMail(text: string, keep: boolean): PatchMail {
  const end = text.search(/\n\r?\n/);
  const header = (end === -1 ? text : text.slice(0, end)).replace(/\r/g, '').replace(/\n[ \t]+/g, ' ');
  const field = (name: string) => decodeWords(new RegExp(`^${name}: *(.*)$`, 'im').exec(header)?.[1] ?? '');
  const body = end === -1 ? '' : text.slice(end).replace(/^\n\r?\n/, '');
  const split = /^(?:---\s*$|diff -|Index: )/m.exec(body);
  const said = (split ? body.slice(0, split.index) : body).trim();
  const title = keep
    ? field('Subject')
    : field('Subject')
        .replace(/^(?:\s*(?:re:|\[[^\]]*\]))+/i, '')
        .trim();
  const from = /^\s*"?(.*?)"?\s*<([^>]*)>/.exec(field('From'));
  return {
    author: {
      name: (from?.[1] ?? field('From')).replace(/\\(.)/g, '$1'),
      email: from?.[2] ?? '',
      ...gitDate(field('Date') || undefined),
    },
    message: `${title}\n${said === '' ? '' : `\n${said}\n`}`,
    patch: split ? body.slice(split.index) : '',
    text,
  };
}

function decodeWords(text: string): string {
  return text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?[\w-]+\?([qb])\?(.*?)\?=/gi, (_, kind: string, content: string) => {
      const bytes =
        kind.toLowerCase() === 'b'
          ? Buffer.from(content, 'base64')
          : Buffer.from(
              content
                .replaceAll('_', ' ')
                .replace(/=([\da-f]{2})/gi, (__, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
              'latin1',
            );
      return bytes.toString('utf8');
    });
}
