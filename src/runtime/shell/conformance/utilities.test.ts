import { describe } from 'vitest';
import { compareWithNative, readSnippets } from './against-native.test-support.ts';

const TABLE = "printf 'name,age,city\\nann,30,rome\\nbob,25,oslo\\ncy,41,bonn\\n' > p.csv";

describe('awk', () => compareWithNative('sh', readSnippets('awk.txt'), TABLE));

describe('dates', () => compareWithNative('sh', readSnippets('dates.txt')));

describe('diff and patch', () => compareWithNative('sh', readSnippets('diff.txt')));

describe('what agents type', () => compareWithNative('sh', readSnippets('tools.txt')));

describe('archives and encodings', () => compareWithNative('sh', readSnippets('archives.txt')));
