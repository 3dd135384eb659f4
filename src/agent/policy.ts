/** The policy has a folder of its own; these are its names for those who knew it here. */
export { normalizePath } from './policy/paths.ts';
export { createPolicy, type Policy } from './policy/policy.ts';
export { DEFAULT_PROTECTED } from './policy/protected.ts';
