/** The browser's engine is newer than Node's: what it has beyond goes, so that a program that needs it fails here, too. */

type Names = Readonly<Record<string, readonly string[]>>;

/** Must run before Node's primordials copy what there is. Names that only Node's engine has are none of this one's business. */
export function removeNewerBuiltins(scope: object, known: Names): void {
  for (const path in known) {
    const holder = path.split('.').reduce<unknown>((value, name) => Reflect.get(Object(value), name), scope);
    if (holder === undefined || holder === null) continue;
    const names = new Set(known[path]);
    for (const key of Reflect.ownKeys(Object(holder))) {
      const name = typeof key === 'symbol' ? `@@${key.description ?? ''}` : key;
      if (!names.has(name) && !KEPT.has(name)) Reflect.deleteProperty(Object(holder), key);
    }
  }
}

/** The runtime's own. */
const KEPT: ReadonlySet<string> = new Set(['prepareStackTrace']);
