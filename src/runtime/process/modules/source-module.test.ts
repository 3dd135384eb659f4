import { parse } from 'acorn';
import { expect, it } from 'vitest';
import { type ModuleHost, SourceModule } from './source-module.ts';
import { transformModule } from './transform/transform-module.ts';

/** Modules by their specifiers, of which none is run. */
function modulesOf(sources: Record<string, string>): Record<string, SourceModule> {
  const host = { Proxy } as ModuleHost;
  const modules = Object.entries(sources).map(
    ([url, source]) =>
      [url, new SourceModule(url, host, { source, transform: transformModule(source, parse) })] as const,
  );
  const byUrl = Object.fromEntries(modules);
  for (const [, module] of modules) {
    module.dependencies = module.transform.requests.map(({ specifier }) => byUrl[specifier] as SourceModule);
  }
  return byUrl;
}

const namesOf = (module: SourceModule | undefined): string[] => Object.keys(module?.names ?? {});

it('finds the names of a long list of export *', () => {
  const count = 3000;
  const sources: Record<string, string> = { index: '' };
  for (let i = 0; i < count; i++) {
    sources[`m${i}`] = `export const v${i} = ${i};`;
    sources.index += `export * from 'm${i}';\n`;
  }
  expect(namesOf(modulesOf(sources).index)).toHaveLength(count);
});

it('takes a name that two export * lead to for one, unless they lead to two bindings', () => {
  const { index } = modulesOf({
    index: "export * from 'left'; export * from 'right';",
    left: "export * from 'shared'; export const both = 1;",
    right: "export * from 'shared'; export const both = 2;",
    shared: 'export const one = 1;',
  });
  expect(namesOf(index)).toEqual(['one']);
  expect(index?.resolveExport('both')).toBe('ambiguous');
});

it('finds nothing where re-exports lead in a circle', () => {
  const { first } = modulesOf({
    first: "export { name } from 'second'; export * from 'second';",
    second: "export { name } from 'first'; export * from 'first'; export const own = 1;",
  });
  expect(first?.resolveExport('name')).toBe(null);
  expect(namesOf(first)).toEqual(['own']);
});
