/** Which commands of a test script build what its tests run: without them one test alone would run what was built before. */

const BUILDERS = new Set(
  'tsc vue-tsc tsup tsdown rollup rolldown babel swc esbuild webpack parcel unbuild obuild bunchee pkgroll microbundle ncc coffee gulp grunt make browserify peggy pegjs jison nearleyc lerna turbo nx wireit'.split(
    ' ',
  ),
);
const BUILD_NAME =
  /(?:^|[-_:.])(?:build|compile|bundle|transpile|transform|generate|gen|codegen|prepare|prepack|dist|tsc|make)/i;
const CHECK_NAME = /lint|check|type|format|clean|docs?\b|watch|size|test/i;

/** As sh reads them, in their order. */
export function buildsIn(commands: readonly (readonly string[])[]): readonly string[] {
  return commands.filter(isBuild).map((words) => {
    const at = programAt(words);
    const isOwn = BUILDERS.has(words[at] ?? '') && words[at] !== 'make' && !words.slice(0, at).includes('npx');
    const before = words.slice(0, at).filter((word) => !/^(?:yarn|pnpm)$/.test(word));
    return [...before, ...(isOwn ? ['npx'] : []), ...words.slice(at)].join(' ');
  });
}

/** After variables and what starts another program. */
const programAt = (words: readonly string[]): number =>
  Math.max(
    0,
    words.findIndex((word) => !/^(?:\w+=.*|npx|cross-env|env|yarn|pnpm)$/.test(word) || isScripts(word, words)),
  );

/** `yarn build` runs a script, `yarn tsc` a program. */
const isScripts = (word: string, words: readonly string[]): boolean =>
  /^(?:yarn|pnpm)$/.test(word) && !BUILDERS.has(words[words.indexOf(word) + 1] ?? '');

function isBuild(words: readonly string[]): boolean {
  const at = programAt(words);
  const [program = '', ...rest] = words.slice(at);
  if (rest.some((word) => /^--(?:noEmit|watch|dry-run)$/i.test(word))) return false;
  if (BUILDERS.has(program)) return true;
  if (program === 'vite') return rest[0] === 'build';
  if (/^(?:npm|yarn|pnpm|bun)$/.test(program)) {
    const name = rest.find((word) => !/^(?:run|run-script|-.*)$/.test(word)) ?? '';
    return BUILD_NAME.test(name) && !CHECK_NAME.test(name);
  }
  return program === 'node' && rest.some((word) => BUILD_NAME.test(word.split('/').at(-1) ?? ''));
}
