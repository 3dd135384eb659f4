import { describe } from 'vitest';
import { compareWithNative, readSnippets } from './against-native.test-support.ts';

const snippets = [
  ...readSnippets('snippets.txt'),
  'X=1\ncat <<EOF\nv $X $(echo s) \\$X\nEOF\ncat <<"EOF"\nraw $X\nEOF\ncat <<-EOF\n\ttab\n\tEOF\n',
  'cat <<A; cat <<B\na\nA\nb\nB\n',
  'echo a\nnosuch\necho b\n',
  'if true\nthen\n  echo multi\nfi\n',
  'echo "multi\nline"',
  'echo a \\\n  b',
  'echo ok\nif then\n',
  // dash's versions count a newline at the very end differently.
  'echo "unterminated',
  'echo 1\nif',
  'false\necho $?\n# comment\n\nexit 2\n',
];

describe('as dash and coreutils', () => compareWithNative('sh', snippets));

describe('tr, cut and uniq', () => compareWithNative('sh', readSnippets('columns.txt')));
