/** What a path names, whatever way it is written. */
import { isNpmSettings, isSecretFile } from '../../session/files.ts';

const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
const GIT = /(^|\/)\.git(\/|$)/;
const INSTALLED = /(^|\/)node_modules(\/|$)/;

/** "./src//a.js" -> "src/a.js". Leaves what a policy refuses as it is. */
export function normalizePath(path: string): string {
  return path
    .trim()
    .replace(/^(\.\/+)+/, '')
    .replace(/(?<=.)\/{2,}/g, '/')
    .replace(/\/\.(?=\/)/g, '');
}

/**
 * The one spelling of all that some file system takes for the same name: without case, with compatible characters folded (fullwidth
 * letters, ligatures, composed and decomposed accents), with "/" alone, no empty or "." parts, no dots and blanks at the end of a part.
 */
export function canonicalPath(path: string): string {
  const parts = path
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFKC')
    .split(/[/\\]+/)
    .map((part) => (part === '..' ? part : part.replace(/[. ]+$/, '').replace(/^ +/, '')));
  return parts.filter((part) => part !== '').join('/');
}

/** Why no path may be written like this; null when it may. */
export function refuseSpelling(path: string): string | null {
  if (path === '') return 'The path is empty.';
  if (INVISIBLE.test(path))
    return `${JSON.stringify(path)} holds characters that cannot be seen: paths with them are refused.`;
  if (/^([/\\~]|[a-z]:)/i.test(path)) return `"${path}" is absolute: give a path relative to the project's folder.`;
  if (path.includes('\\')) return `"${path}" is refused: separate folders with "/".`;
  if (
    path
      .normalize('NFKC')
      .split(/[/\\]/)
      .some((part) => /^\s*\.\.[. ]*$/.test(part))
  )
    return `"${path}" leaves the project: paths with ".." are refused.`;
  return null;
}

/** What a machine keeps for itself. */
const SYSTEM_SECRET =
  /^\/(?:etc\/(?:passwd|g?shadow|sudoers)|root|proc\/[^/]+\/(?:environ|mem|cwd|root|fd|cmdline))(?:\/|$)/i;

/** Files that hold secrets: `.env`, `.env.local`, `.envrc`, `.npmrc`, `id_rsa`; not `.env.example` and its like. */
export function isSecretPath(path: string): boolean {
  const name = canonicalPath(path);
  return isSecretFile(name) || isNpmSettings(name) || SYSTEM_SECRET.test(path);
}

export const isGitPath = (path: string): boolean => GIT.test(canonicalPath(path));
export const isInstalledPath = (path: string): boolean => INSTALLED.test(canonicalPath(path));
