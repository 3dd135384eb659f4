/** The command line of a process, with all that has a say in it. */
import type { ProcessCore } from '../core.ts';
import { materialize } from '../engine/description.ts';
import { configurationPath, readConfigurationFile } from './configuration-file.ts';
import { addToEnvironment, readEnvironmentFiles } from './environment-files.ts';
import { type CommandLine, parseCommandLine } from './options.ts';

/** Reads argv, `NODE_OPTIONS`, the files of the environment and of the configuration; the variables come into the environment. */
export function readCommandLine(core: ProcessCore): CommandLine {
  const { argv } = core.launch;
  const files = readEnvironmentFiles(core, argv);
  const path = configurationPath(argv);
  const configuration = path === null ? null : readConfigurationFile(core, path, sectionNames(core));
  const { NODE_OPTIONS: own } = core.environment.variables;
  const { nodeOptions = [], testRunner = [] } = configuration?.words ?? {};
  const line = parseCommandLine(core.optionTable, argv, {
    // As natively, the variable stands in for that section.
    configuration: own === undefined ? [...nodeOptions, ...testRunner] : testRunner,
    environment: own ?? files.variables['NODE_OPTIONS'] ?? '',
  });
  addToEnvironment(core, files.variables);
  const errors = [...files.errors, ...(configuration?.errors ?? [])];
  const complaint = files.notes + (configuration?.complaint ?? '');
  return errors.length > 0 ? { ...line, errors, complaint } : { ...line, complaint: complaint + line.complaint };
}

function sectionNames(core: ProcessCore) {
  const namespaces = materialize(core.library.facts.options.namespaceInputTypes) as Map<string, Map<string, string>>;
  return {
    nodeOptions: core.optionTable.allowedInEnvironment,
    testRunner: new Set(namespaces.get('testRunner')?.keys()),
  };
}
