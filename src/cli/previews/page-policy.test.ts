import { expect, it } from 'vitest';
import { policyWith } from './page-policy.ts';

const HASH = "'sha256-LXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE='";

it.each([
  ["script-src 'none'", `script-src ${HASH}`],
  ["img-src *; Script-Src 'self' 'nonce-a'", `img-src *; Script-Src 'self' 'nonce-a' ${HASH}`],
  ["script-src 'unsafe-inline'; default-src 'none'", "script-src 'unsafe-inline'; default-src 'none'"],
  ["script-src 'unsafe-inline' 'nonce-a'", `script-src 'unsafe-inline' 'nonce-a' ${HASH}`],
  [
    "default-src 'self'; script-src-elem 'self'; script-src a",
    `default-src 'self'; script-src-elem 'self' ${HASH}; script-src a`,
  ],
  ["default-src 'self', script-src b", `default-src 'self' ${HASH},script-src b ${HASH}`],
  ["require-trusted-types-for 'script'; trusted-types x; img-src *", 'img-src *'],
])('%s', (policy, expected) => {
  expect(policyWith('x', policy)).toBe(expected);
});
