import type { EditFormat } from '../edit/edit.ts';

/** How each format is asked for in words, for models that write edits as text. `parseEdits` reads all of them. */
export const EDIT_FORMATS: Readonly<Record<Exclude<EditFormat, 'replace'>, string>> = {
  blocks: `Write each change as a block below the path of its file. SEARCH repeats whole lines of the file exactly, enough of them that they stand there only once; REPLACE is what takes their place. An empty SEARCH makes a new file.

src/cart.js
<<<<<<< SEARCH
  return total - discount;
=======
  return total * (1 - discount);
>>>>>>> REPLACE`,
  diff: `Write one unified diff of all changes in a fenced block. Repeat removed and context lines exactly, three lines of context above and below each change. Line numbers may be left out.

\`\`\`diff
--- a/src/cart.js
+++ b/src/cart.js
@@ @@
 export function total(items, discount) {
   const total = add(items);
-  return total - discount;
+  return total * (1 - discount);
 }
\`\`\``,
  patch: `Write one patch of all changes. Repeat removed (-) and context ( ) lines exactly. "@@ line" names a line above the change where its lines alone stand several times. New files: "*** Add File: path" and lines with "+". "*** Delete File: path" deletes.

*** Begin Patch
*** Update File: src/cart.js
@@ export function total(items, discount) {
   const total = add(items);
-  return total - discount;
+  return total * (1 - discount);
 }
*** End Patch`,
  whole: `Write each file that changes in full: its path alone on a line, then its whole content in a fenced block.

src/zero.js
\`\`\`js
export const zero = 0;
\`\`\``,
};
