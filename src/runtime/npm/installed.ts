/** What is installed below a project, and what its packages ask for. */
import satisfies from 'semver/functions/satisfies.js';
import validRange from 'semver/ranges/valid.js';
import { S_IFLNK, S_IFMT } from '../kernel/file-modes.ts';
import { errorCode } from '../shell/errors.ts';
import { directoryName, joinPath, resolvePath } from '../shell/paths.ts';
import type { UtilityContext } from '../shell/utility.ts';

export interface Installed {
  name: string;
  version: string;
  /** Its own name, where it is installed under another. */
  alias: string | undefined;
  /** Where it lies: below node_modules. */
  folder: string;
  /** Of a link: the folder that it leads to. */
  target: string | undefined;
  wants: Wanted[];
}

/** One dependency of a package. */
export interface Wanted {
  name: string;
  range: string;
  /** It may be missing. */
  optional: boolean;
  dev: boolean;
}

type Fields = Record<string, unknown>;

const record = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

/** What package.json asks for; of the project itself what is for its development, too. */
export function wantsOf(content: Fields, isProject: boolean): Wanted[] {
  const found = new Map<string, Wanted>();
  const add = (field: string, more: Partial<Wanted>) => {
    for (const [name, range] of Object.entries(record(content[field])))
      if (typeof range === 'string') found.set(name, { name, range, optional: false, dev: false, ...more });
  };
  if (isProject) add('devDependencies', { dev: true });
  add('peerDependencies', {});
  for (const [name, meta] of Object.entries(record(content.peerDependenciesMeta))) {
    const known = found.get(name);
    if (known && record(meta).optional === true) known.optional = true;
  }
  add('dependencies', {});
  add('optionalDependencies', { optional: true });
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name, 'en'));
}

export class InstalledTree {
  readonly #context: UtilityContext;
  readonly #known = new Map<string, Installed | undefined>();

  constructor(context: UtilityContext) {
    this.#context = context;
  }

  /** The package of a folder; undefined where there is none. */
  at(folder: string, name: string): Installed | undefined {
    if (this.#known.has(folder)) return this.#known.get(folder);
    const found = this.#read(folder, name);
    this.#known.set(folder, found);
    return found;
  }

  #read(folder: string, name: string): Installed | undefined {
    const { sys } = this.#context;
    try {
      const stat = sys.call('statOrNull', folder, false);
      if (!stat) return undefined;
      const isLink = (stat.mode & S_IFMT) === S_IFLNK;
      const target = isLink ? resolvePath(directoryName(folder), sys.call('readlink', folder)) : undefined;
      const content = this.#contentOf(folder);
      const version = typeof content.version === 'string' ? content.version : '';
      const alias = typeof content.name === 'string' && content.name !== name ? content.name : undefined;
      return { name, version, alias, folder, target, wants: wantsOf(content, false) };
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
      return undefined;
    }
  }

  /** A folder whose package.json is missing or broken is a package without a version, as npm has it. */
  #contentOf(folder: string): Fields {
    try {
      return record(
        JSON.parse(new TextDecoder().decode(this.#context.sys.call('readFile', joinPath(folder, 'package.json')))),
      );
    } catch (error) {
      if (errorCode(error) === undefined && !(error instanceof SyntaxError)) throw error;
      return {};
    }
  }

  /** The package that a name means to code in a folder, as Node looks it up. */
  resolve(from: string, name: string): Installed | undefined {
    for (let folder = from; ; folder = directoryName(folder)) {
      const found = folder.endsWith('/node_modules')
        ? undefined
        : this.at(joinPath(folder, `node_modules/${name}`), name);
      if (found || folder === '/') return found;
    }
  }

  /** All packages of a node_modules, those with a scope, too. */
  below(folder: string): Installed[] {
    const modules = joinPath(folder, 'node_modules');
    const names = this.#list(modules).flatMap((name) =>
      name.startsWith('@') ? this.#list(joinPath(modules, name)).map((child) => `${name}/${child}`) : [name],
    );
    return names
      .filter((name) => !name.startsWith('.'))
      .map((name) => this.at(joinPath(modules, name), name))
      .filter((found) => found !== undefined);
  }

  #list(folder: string): string[] {
    const { sys } = this.#context;
    return sys.call('statOrNull', folder, true) ? sys.call('readdir', folder).names : [];
  }
}

/** Addresses and tags are not checked: only what was installed for them knows. */
export function isValid({ version }: { version: string }, range: string): boolean {
  const plain = /^npm:.*@([^@]*)$/.exec(range)?.[1] ?? range.replace(/^workspace:/, '').replace(/^[\^~]$/, '*');
  return version !== '' && (validRange(plain) === null || satisfies(version, plain));
}
