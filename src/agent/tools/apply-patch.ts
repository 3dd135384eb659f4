import { z } from 'zod';
import { parseEdits } from '../edit/parse-edits.ts';
import { editWorkspace } from './edit-workspace.ts';
import { isEscapedTwice, unescapeOnce } from './mend-text.ts';
import { defineTool, failure } from './tool.ts';

export const applyPatch = defineTool({
  name: 'apply_patch',
  description: `Changes several places or files at once: all of the patch is applied, or nothing. Takes "*** Begin Patch" or a unified diff. Repeat lines exactly; line numbers do not matter. Example:
*** Begin Patch
*** Update File: src/cart.js
@@ function total
   const sum = add(items);
-  return sum - discount;
+  return sum * (1 - discount);
 }
*** Add File: src/new.js
+export const zero = 0;
*** End Patch`,
  schema: z.object({ patch: z.string().min(1) }),
  phase: (workspace) => workspace.changingPhase,
  run: async ({ patch: written }, context) => {
    // No patch is one line.
    const patch = isEscapedTwice(written) ? unescapeOnce(written) : written;
    const parsed = parseEdits(patch);
    return parsed.ok ? await editWorkspace(parsed.edits, context) : failure(parsed.error);
  },
});
