/** The Content-Security-Policy of a guest's page, with which our script must run: without it no script of the page would. */
import { createHash } from 'node:crypto';

/** What names scripts, the closest first. */
const SCRIPT_DIRECTIVES = ['script-src-elem', 'script-src', 'default-src'];
/** Our script makes markup of text. */
const DROPPED = ['require-trusted-types-for', 'trusted-types'];

/** `policy` as a header has it, with leave for the script of this text. */
export function policyWith(script: string, policy: string): string {
  const hash = `'sha256-${createHash('sha256').update(script).digest('base64')}'`;
  return policy
    .split(',')
    .map((one) => onePolicyWith(hash, one))
    .join(',');
}

function onePolicyWith(hash: string, policy: string): string {
  const directives = policy
    .split(';')
    .map((directive) => directive.trim().split(/\s+/))
    .filter(([name = '']) => !DROPPED.includes(name.toLowerCase()));
  const closest = SCRIPT_DIRECTIVES.find((name) =>
    directives.some((directive) => directive[0]?.toLowerCase() === name),
  );
  return directives
    .map((directive) => (directive[0]?.toLowerCase() === closest ? allowing(hash, directive) : directive).join(' '))
    .join('; ');
}

/** With a hash in it, `'unsafe-inline'` would count no more. */
function allowing(hash: string, directive: string[]): string[] {
  const allowsInline = directive.some((source) => /^'unsafe-inline'$/i.test(source));
  const isStrict = directive.some((source) => /^'(?:nonce-|sha\d|strict-dynamic)/i.test(source));
  if (allowsInline && !isStrict) return directive;
  return [...directive.filter((source) => !/^'none'$/i.test(source)), hash];
}
