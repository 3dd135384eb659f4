import { describe } from 'vitest';
import { compareWithNative, readSnippets } from './against-native.test-support.ts';

describe('as bash', () => compareWithNative('bash', readSnippets('bash.txt')));

describe('errors and options as bash', () => compareWithNative('bash', readSnippets('bash-errors.txt')));

describe('FIFOs and locks', () => compareWithNative('bash', readSnippets('fifos.txt')));
