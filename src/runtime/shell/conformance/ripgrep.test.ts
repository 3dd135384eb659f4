import { describe } from 'vitest';
import { compareWithNative, readSnippets } from './against-native.test-support.ts';

describe('as ripgrep', () => compareWithNative('sh', readSnippets('ripgrep.txt')));
