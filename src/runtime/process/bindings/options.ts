import type { CoreBindingFactory } from '../core.ts';
import { materialize } from '../engine/description.ts';

/** `internalBinding('options')`: the command line, parsed. */
export const options: CoreBindingFactory = (core) => {
  const { embedder, namespaceInputTypes } = core.library.facts.options;
  const more = (name: string) => materialize(core.library.binding('cli_options')?.[name]);
  return {
    ...core.described('options'),
    getCLIOptionsValues: () =>
      core.preload.observe({ __proto__: null, ...(core.commandLine?.values ?? core.optionTable.defaults) }),
    getCLIOptionsInfo: () => more('info'),
    getEmbedderOptions: () => ({
      ...(materialize(embedder) as object),
      noGlobalSearchPaths: core.commandLine?.values['--no-global-search-paths'] === true,
    }),
    getEnvOptionsInputType: () => more('envInputTypes'),
    getNamespaceOptionsInputType: () => materialize(namespaceInputTypes),
    getOptionsAsFlags: () => optionsAsFlags(core.commandLine?.values ?? {}, core.optionTable.defaults),
  };
};

/** The options that differ from their defaults, as they would be given. */
function optionsAsFlags(values: Record<string, unknown>, defaults: Record<string, unknown>): string[] {
  const flags: string[] = [];
  for (const [name, value] of Object.entries(values)) {
    if (!name.startsWith('--') || name.startsWith('--no-') || value === defaults[name]) continue;
    if (value === true) flags.push(name);
    else if (value === false) flags.push(`--no-${name.slice(2)}`);
    else if (Array.isArray(value)) flags.push(...value.map((item) => `${name}=${item}`));
    else flags.push(`${name}=${String(value)}`);
  }
  return flags;
}
