// Run by the pinned Node with --expose-internals: prints its library, the description of its bindings and its facts, as JSON.
'use strict';
const { internalBinding } = require('internal/test/binding');
const { execFileSync } = require('node:child_process');
const { isMap, isTypedArray } = require('node:util/types');
const { runInNewContext } = require('node:vm');

const natives = process.binding('natives');
const sources = {};
const names = new Set();
for (const id of Object.keys(natives)) {
  if (typeof natives[id] !== 'string') continue;
  sources[id] = natives[id];
  for (const [, name] of natives[id].matchAll(/internalBinding\('(\w+)'\)/g)) names.add(name);
}

function portray(value, depth) {
  if (value === null) return { type: 'null' };
  switch (typeof value) {
    case 'undefined':
      return { type: 'undefined' };
    case 'number':
      return Number.isFinite(value) ? value : { type: 'number', value: String(value) };
    case 'string':
    case 'boolean':
      return value;
    case 'bigint':
      return { type: 'bigint', value: String(value) };
    case 'symbol':
      return { type: 'symbol', value: value.description };
    case 'function':
      return portrayFunction(value);
    default:
      return portrayObject(value, depth);
  }
}

function portrayFunction(value) {
  const description = { type: 'function', name: value.name };
  if (value.prototype) {
    description.prototype = Object.getOwnPropertyNames(value.prototype).filter((key) => key !== 'constructor');
    const parent = Object.getPrototypeOf(value.prototype)?.constructor?.name;
    if (parent) description.parent = parent;
  }
  return description;
}

function portrayObject(value, depth) {
  if (isTypedArray(value)) {
    const description = { type: 'typed-array', constructor: value.constructor.name, length: value.length };
    return value.length < 64 ? { ...description, value: Array.from(value, String) } : description;
  }
  if (ArrayBuffer.isView(value)) return { type: 'undefined' };
  if (isMap(value)) {
    const entries = [];
    Map.prototype.forEach.call(value, (item, key) => {
      entries.push([portray(key, depth + 1), portray(item, depth + 1)]);
    });
    return { type: 'map', value: entries };
  }
  if (Array.isArray(value)) return { type: 'array', value: value.map((item) => portray(item, depth + 1)) };
  const properties = {};
  if (depth < 5) {
    for (const key of Object.getOwnPropertyNames(value)) {
      let item;
      try {
        item = value[key];
      } catch (error) {
        item = `not readable: ${error.message}`;
      }
      properties[key] = portray(item, depth + 1);
    }
  }
  return { type: 'object', nullPrototype: Object.getPrototypeOf(value) === null, value: properties };
}

const bindings = {};
for (const name of [...names].sort()) {
  let binding;
  try {
    binding = internalBinding(name);
  } catch (error) {
    // Built without it: QUIC, or the part of a debug build.
    if (!/^No such binding/.test(error.message)) throw error;
    continue;
  }
  bindings[name] = portray(binding, 0).value;
}
// The library itself, and what is among the facts.
for (const name of ['natives', 'builtinIds', 'builtinCategories', 'config']) delete bindings.builtins[name];

/** What each built-in object of the language has: a browser's engine is newer. */
const builtins = {};
const note = (path, object) => {
  builtins[path] = Reflect.ownKeys(object).map((key) => (typeof key === 'symbol' ? `@@${key.description}` : key));
};
for (const name of runInNewContext('Object.getOwnPropertyNames(globalThis)')) {
  const value = globalThis[name];
  if (!/^[A-Z]/.test(name) || name === 'WebAssembly' || Object(value) !== value) continue;
  note(name, value);
  if (value.prototype) note(`${name}.prototype`, value.prototype);
}
for (const [name, value] of Object.entries(Object.getOwnPropertyDescriptors(Intl))) {
  if (typeof value.value?.prototype === 'object') note(`Intl.${name}.prototype`, value.value.prototype);
}

const options = internalBinding('options');
const optionValues = options.getCLIOptionsValues();
// This script's own option.
optionValues['--expose-internals'] = false;
optionValues['--no-expose-internals'] = true;
const described = (name) => portray(options[name](), 0);
const outputOf = (option) => execFileSync(process.execPath, [option], { encoding: 'utf8' });
const engineFlags = {};
const engineOptions = outputOf('--v8-options');
for (const [, name, type] of engineOptions.matchAll(/^ {2}--(\S+) .*\n\s+type: (\w+)/gm)) {
  engineFlags[type] = engineFlags[type] ? `${engineFlags[type]} ${name}` : name;
}
const info = options.getCLIOptionsInfo();
// Not in the facts: a process reads those at its start.
bindings.node_config = JSON.parse(internalBinding('builtins').config);
bindings.cli_options = {
  info: portray(info, 0),
  envInputTypes: described('getEnvOptionsInputType'),
  completion: outputOf('--completion-bash'),
};
process.stdout.write(
  JSON.stringify({
    version: process.version,
    sources,
    bindings,
    engineOptions,
    facts: {
      versions: { ...process.versions },
      release: { ...process.release },
      builtins,
      errorMap: [...internalBinding('uv').getErrorMap()],
      options: {
        values: portray(optionValues, 0),
        kinds: Array.from(info.options, ([name, { type }]) => [name, type]),
        aliases: [...info.aliases],
        allowedInEnvironment: Array.from(info.options)
          .filter(([, { envVarSettings }]) => envVarSettings === 0)
          .map(([name]) => name),
        engineFlags,
        embedder: described('getEmbedderOptions'),
        namespaceInputTypes: described('getNamespaceOptionsInputType'),
      },
    },
  }),
);
