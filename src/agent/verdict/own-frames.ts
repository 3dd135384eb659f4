const FOREIGN = /^\s*(?:at|❯) (?:.*[(\s])?(?:node:|wasm:|(?:.*[\\/(\s])?node_modules[\\/])/;
/** A line of a stack, as Node and vitest write it. */
export const ANY_FRAME = /^\s*(?:at|❯) \S/;
/** Properties of every AssertionError, which say nothing of this one. */
const TOLD_ALREADY = /^\s*(?:generatedMessage: (?:true|false)|code: 'ERR_ASSERTION'|diff: 'simple'),?$/;
/** Of a stack without a frame of the project's own. */
const LEAST = 2;

/** A message without the frames of the runner, of packages and of Node: the project's own say where to look. */
export function withOwnFrames(message: string): string {
  const lines = message.split('\n');
  const hasOwn = lines.some((line) => ANY_FRAME.test(line) && !FOREIGN.test(line));
  let foreign = 0;
  const kept = lines.flatMap((line) => {
    if (TOLD_ALREADY.test(line)) return [];
    if (!FOREIGN.test(line)) {
      if (!ANY_FRAME.test(line)) foreign = 0;
      return [line];
    }
    foreign += 1;
    if (!hasOwn && foreign <= LEAST) return [line];
    // What Node prints of an error's properties begins at the end of its last frame.
    return line.endsWith(' {') ? [`${/^\s*/.exec(line)?.[0] ?? ''}{`] : [];
  });
  return kept.join('\n');
}
