/** Paths of the client: its files are scoped to the working directory, and `/` is that directory, as in the hosted runtime. */

/** A name with a slash behind it. */
const NAMES_FOLDER = /(?:^|\/)(?!\.{1,2}\/)[^/]+\/+$/;

/**
 * The absolute path in the sandbox. What lies below the working directory may be named by its absolute path too, and `..` leads out
 * of it. A slash at its end says that it must be a folder, and stays.
 */
export function resolveClientPath(workdir: string, path: string): string {
  const isInside = path === workdir || path.startsWith(`${workdir}/`);
  return normalize(isInside ? path : `${workdir}/${path}`) + (NAMES_FOLDER.test(path) ? '/' : '');
}

/** Where a process starts: an absolute path is one of the sandbox. */
export function resolveFolder(workdir: string, path: string): string {
  return normalize(path.startsWith('/') ? path : `${workdir}/${path}`);
}

/** An absolute path without "." and "..". */
function normalize(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
