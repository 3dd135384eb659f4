/** Where in the sandbox a path of a command leads. */

/** Inside: relative to the project, "" for the project itself. */
export type Place = { readonly inside: string } | { readonly outside: string };

/** "~" stays what it is: no project lies there. */
export function posixResolve(folder: string, path: string): string {
  const full = path.startsWith('/') || path.startsWith('~') ? path : `${folder}/${path}`;
  const parts: string[] = [];
  for (const part of full.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return full.startsWith('~') ? parts.join('/') : `/${parts.join('/')}`;
}

export function placeOf(path: string, folder: string, project: string): Place {
  const full = posixResolve(folder, path);
  if (full === project) return { inside: '' };
  return full.startsWith(`${project}/`) ? { inside: full.slice(project.length + 1) } : { outside: full };
}
