/** Where an error was thrown, and to which domain a rejection belongs: the bindings are told, as a browser does not tell. */

import type { Patch } from './patch.ts';

const MODULE_JOB = 'internal/modules/esm/module_job';

export const ERRORS: readonly Patch[] = [
  {
    // The error's own stack starts above this function: the place of the throw would be lost.
    id: 'internal/errors',
    find: 'ErrorCaptureStackTrace(error, wrappedFn);\n      throw error;',
    replace: "ErrorCaptureStackTrace(error, wrappedFn);\n      internalBinding('errors').noteThrow(error);throw error;",
  },
  {
    id: 'assert',
    find: 'throw new AssertionError(obj',
    replace: "throw internalBinding('errors').noteThrow(new AssertionError(obj",
  },
  { id: 'assert', find: 'new AssertionError(obj);', replace: 'new AssertionError(obj));' },
  {
    id: 'events',
    find: "throw er; // Unhandled 'error' event",
    replace: "internalBinding('errors').noteThrow(er);throw er; // Unhandled 'error' event",
  },
  {
    id: MODULE_JOB,
    find: 'hasTopLevelAwait);\n      throw e;\n    }\n  }\n}',
    replace: "hasTopLevelAwait);\n      internalBinding('errors').noteThrow(e);throw e;\n    }\n  }\n}",
  },
  {
    // The error's own stack starts at its constructor, a line above.
    id: 'internal/modules/typescript',
    find: 'throw decorateErrorWithSnippet(unsupportedSyntaxError, error);',
    replace: "throw internalBinding('errors').noteThrow(decorateErrorWithSnippet(unsupportedSyntaxError, error));",
  },
  {
    id: 'internal/modules/typescript',
    find: 'throw decorateErrorWithSnippet(invalidSyntaxError, error);',
    replace: "throw internalBinding('errors').noteThrow(decorateErrorWithSnippet(invalidSyntaxError, error));",
  },
  {
    id: 'internal/process/warning',
    find: 'throw warning;',
    replace: "internalBinding('errors').noteThrow(warning);throw warning;",
  },
  // A rejection is reported after the callback that it happened in, when no domain is entered any more.
  {
    id: 'domain',
    find: 'return _domain[0] = arg;',
    replace: "internalBinding('task_queue').noteDomain(arg);return _domain[0] = arg;",
  },
  {
    id: 'internal/process/promises',
    find: 'domain: process.domain,',
    replace: "domain: process.domain ?? internalBinding('task_queue').domainOf(promise),",
  },
];
