import { parseEnv as nodeParseEnv } from 'node:util';
import { expect, it } from 'vitest';
import { parseEnv } from './parse-env.ts';

it.each([
  'A=1\nB=two words  \n',
  '# comment\nexport C=\'x # y\' # z\nD="a\\nb"\n',
  'E="multi\nline"\nF=`q`\nG=a#b\n',
  'not a line\nH=\n  I = spaced \n',
  'J="unclosed\nK=2',
  '=no name\nL=1\n = x\n=M=2',
  'N= \nO=on the next line',
  'P="unclosed # no comment\nexport  Q=1\nexport\tR=`',
  '=',
])('reads %j as Node does', (text) => {
  expect(parseEnv(text)).toEqual({ ...nodeParseEnv(text) });
});
