import { type Comment, parse } from 'acorn';
import { expect, it } from 'vitest';
import { blankComments } from './blank-comments.ts';

it('empties lines of comments alone, and keeps every line with code as it is', () => {
  const source =
    "// head\nconst a = 1; // kept\n  /* one\n   * two */\nconst b = '// text';\n/* before */ const c = 3;\n";
  const comments: Comment[] = [];
  parse(source, { ecmaVersion: 'latest', onComment: comments });
  expect(blankComments(source, comments)).toBe(
    "\nconst a = 1; // kept\n\n\nconst b = '// text';\n/* before */ const c = 3;\n",
  );
});
