/** A type checker sees the types that were installed: those of a build may lie elsewhere, or not be the same. */
import type { PackedFile } from '../pack.ts';
import type { WasmBuild } from './native-parts.ts';

export const isTypes = (path: string): boolean => /\.d\.[cm]?ts$/.test(path);

/** A build that stands in for a package, with the types of the package, which stay where they are. */
export function withOwnTypes(
  { folder, replaces }: WasmBuild,
  build: readonly PackedFile[],
  installed: readonly PackedFile[],
): readonly PackedFile[] {
  const description = `${folder}/package.json`;
  const { types, type } = describe(installed.find(({ path }) => path === description));
  if (!replaces || typeof types !== 'string') return build;
  const inPackage = (path: string) => path.startsWith(`${folder}/`) && !path.startsWith(`${folder}/node_modules/`);
  const withTypes = build.flatMap((file): PackedFile[] => {
    if (file.type !== 'file' || !inPackage(file.path)) return [file];
    if (isTypes(file.path)) return [];
    return [file.path === description ? { ...file, bytes: pointTo(types, file) } : file];
  });
  const place = `${folder}/${plain(types).split('/').slice(0, -1).join('/')}`;
  if (place === `${folder}/` || build.some(({ path }) => path.startsWith(`${place}/`))) return withTypes;
  // They are modules of the kind that the package is of, whatever the build is.
  const bytes = new TextEncoder().encode(JSON.stringify({ type: type ?? 'commonjs' }));
  return [...withTypes, { path: `${place}/package.json`, type: 'file', bytes }];
}

function describe(description: PackedFile | undefined): Record<string, unknown> {
  return description?.type === 'file' ? read(description.bytes) : {};
}

/** A package file whose types are at another place, wherever it tells of the place where they were. */
function pointTo(types: string, { bytes }: { bytes: Uint8Array }): Uint8Array<ArrayBuffer> {
  const content = read(bytes);
  const former = typeof content.types === 'string' ? plain(content.types) : undefined;
  const changed = JSON.stringify(content, (key, value: unknown) =>
    key === 'types' && typeof value === 'string' && plain(value) === former ? `./${plain(types)}` : value,
  );
  return new TextEncoder().encode(changed);
}

const plain = (path: string): string => path.replace(/^\.\//, '');

function read(bytes: Uint8Array): Record<string, unknown> {
  return JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
}
