import { describe } from 'vitest';
import { compareWithNative, readSnippets } from './against-native.ts';

describe('as bash', () => compareWithNative('bash', readSnippets('bash.txt')));
