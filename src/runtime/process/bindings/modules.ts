import { S_IFMT, S_IFREG } from '../../kernel/file-modes.ts';
import type { BindingFactory, ProcessContext } from '../context.ts';

/** What Node's package.json reader takes: name, main, type, imports, exports, path. */
type PackageConfig = [
  name: string | undefined,
  main: string | undefined,
  type: 'commonjs' | 'module' | 'none',
  imports: string | undefined,
  exports: string | undefined,
  path: string,
];

/** `internalBinding('modules')`: package.json files, read once a process. */
export const modules: BindingFactory = (context) => {
  const reader = new PackageReader(context);
  const disabled = (context.described('modules')['compileCacheStatus'] as string[]).indexOf('DISABLED');
  return {
    ...context.described('modules'),
    readPackageJSON: (path: string, _isESM?: boolean, base?: string, specifier?: string) =>
      reader.read(path, base === undefined ? undefined : { base, specifier: specifier ?? '' }),
    getNearestParentPackageJSONType: (path: string) => reader.nearest(path)?.[2] ?? 'none',
    getPackageScopeConfig: (url: string) => reader.scopeOf(url),
    getPackageType(url: string): string | undefined {
      const scope = reader.scopeOf(url);
      return typeof scope === 'string' || scope[2] === 'none' ? undefined : scope[2];
    },
    enableCompileCache(folder: unknown) {
      if (typeof folder !== 'string') throw notText('cacheDir');
      return [disabled];
    },
    getCompileCacheDir: () => undefined,
    flushCompileCache: () => undefined,
    getCompileCacheEntry: () => undefined,
    saveCompileCacheEntry: () => undefined,
    setLazyPathHelpers(target: object, url: string) {
      const filename = pathOf(context, url);
      Object.assign(target, { dirname: filename.slice(0, filename.lastIndexOf('/')) || '/', filename });
    },
  };
};

const notText = (name: string): TypeError =>
  Object.assign(new TypeError(`${name} should be a string`), { code: 'ERR_INVALID_ARG_TYPE' });

const pathOf = (context: ProcessContext, url: string): string => decodeURIComponent(new context.host.URL(url).pathname);

class PackageReader {
  readonly #context: ProcessContext;
  readonly #known = new Map<string, PackageConfig>();

  constructor(context: ProcessContext) {
    this.#context = context;
  }

  /** Undefined when there is no such file; throws ERR_INVALID_PACKAGE_CONFIG. */
  read(path: string, importer?: { base: string; specifier: string }): PackageConfig | undefined {
    const known = this.#known.get(path);
    if (known) return known;
    const text = this.#readText(path);
    if (text === undefined) return undefined;
    const config = parsePackage(path, text);
    if (!config) throw this.#invalid(path, importer);
    this.#known.set(path, config);
    return config;
  }

  #readText(path: string): string | undefined {
    const { sys } = this.#context;
    const stat = sys.call('statOrNull', path, true);
    // Only a regular file can be one: S_IFREG.
    if (stat === null || (stat.mode & S_IFMT) !== S_IFREG) return undefined;
    return utf8.decode(sys.call('readFile', path));
  }

  #invalid(path: string, importer: { base: string; specifier: string } | undefined): Error {
    const origin = importer && ` while importing "${importer.specifier}" from ${this.#shown(importer.base)}`;
    const error = new Error(`Invalid package config ${path}${origin ?? ''}.`);
    return Object.assign(error, { code: 'ERR_INVALID_PACKAGE_CONFIG' });
  }

  #shown(base: string): string {
    return base.startsWith('file:') ? pathOf(this.#context, base) : base;
  }

  /** The package.json of the folder or of one above it, up to a node_modules folder. */
  nearest(path: string): PackageConfig | undefined {
    for (let folder = path; folder !== ''; ) {
      folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')));
      if (folder.endsWith('/node_modules')) return undefined;
      const config = this.read(`${folder}/package.json`);
      if (config) return config;
    }
    return undefined;
  }

  /** The same for a URL; without one, the path of the last that was tried. */
  scopeOf(url: string): PackageConfig | string {
    let path = pathOf(this.#context, new this.#context.host.URL('./package.json', url).href);
    while (!path.endsWith('/node_modules/package.json')) {
      const config = this.read(path);
      if (config) return config;
      if (path === '/package.json') break;
      const folder = path.slice(0, path.lastIndexOf('/'));
      path = `${folder.slice(0, folder.lastIndexOf('/'))}/package.json`;
    }
    return path;
  }
}

// Captured when the Worker starts; it drops a byte order mark.
const utf8 = new TextDecoder();

function parsePackage(path: string, text: string): PackageConfig | undefined {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) return undefined;
  // The guest may have put accessors of these names on Object.prototype.
  const field = (name: string): unknown => (Object.hasOwn(content, name) ? Reflect.get(content, name) : undefined);
  const type = field('type');
  return [
    textOrNothing(field('name')),
    textOrNothing(field('main')),
    type === 'module' || type === 'commonjs' ? type : 'none',
    serialized(field('imports')),
    serialized(field('exports')),
    path,
  ];
}

const textOrNothing = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Strings as they are, objects and arrays as JSON: the library tells them apart by their first character. */
function serialized(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : undefined;
}
