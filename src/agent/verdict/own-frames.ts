const FOREIGN = /^\s*at (?:.*[(\s])?(?:node:|.*[\\/(]node_modules[\\/])/;
const ANY_FRAME = /^\s*at \S/;
/** Of a stack without a frame of the project's own. */
const LEAST = 2;

/** A message without the frames of the runner, of packages and of Node: the project's own say where to look. */
export function withOwnFrames(message: string): string {
  const lines = message.split('\n');
  const hasOwn = lines.some((line) => ANY_FRAME.test(line) && !FOREIGN.test(line));
  let foreign = 0;
  const kept = lines.flatMap((line) => {
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
