/** Whether a text is all of a file's new content, and not a part of it that would take the rest away. */

const DECLARED =
  /^(?:export\s+)?(?:default\s+)?(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?(?:function\s*\*?|class|const|let|var|interface|type|enum)\s+([\w$]+)/gm;
const ASSIGNED = /^(?:module\.)?exports\.([\w$]+)\s*=/gm;
const IMPORTED = /^(?:import|export)\b[^'"\n]*['"]([^'"\n]+)['"]/gm;
/** Of what a file gives to others, in its two kinds. */
const EXPORTS = [/^export\b/m, /\bexports\b/];

/** The new text still has every name that the old one declares, what it imports, and its exports. A file without names proves nothing. */
export function looksWhole(before: string, after: string): boolean {
  if (before.trim() === '') return true;
  const names = declaredIn(before);
  const kept = (name: string) => new RegExp(`(?<![\\w$])${name.replace(/\$/g, '\\$')}(?![\\w$])`).test(after);
  const modules = namesIn(before, IMPORTED);
  return (
    names.length > 0 &&
    names.every(kept) &&
    modules.every((name) => after.includes(name)) &&
    EXPORTS.every((pattern) => !pattern.test(before) || pattern.test(after))
  );
}

/** The names that a file's outermost lines declare or export. */
export const declaredIn = (text: string): string[] => [...namesIn(text, DECLARED), ...namesIn(text, ASSIGNED)];

const namesIn = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, name = '']) => name);
