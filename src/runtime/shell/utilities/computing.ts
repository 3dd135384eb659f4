/** Which utilities may compute for as long as their user's program, pattern, input or folders make them. */

const COMPUTING = new Set(
  `awk bc chgrp chmod chown cp diff du egrep expr fgrep find gawk git grep gunzip gzip jq mawk nawk patch rm rsync sed sort tar tree
  unzip zcat zip`.split(/\s+/),
);
const SHELLS = new Set(['sh', 'bash', 'jsh']);

/**
 * Whether it must run in a Worker of its own where somebody may want to end it: in the shell's, nothing would hear of Ctrl-C, a
 * deadline or `kill`.
 */
export function mayComputeOn([path = '', ...args]: readonly string[]): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  // A script; a shell on a terminal stays with the shell around it.
  return COMPUTING.has(name) || (SHELLS.has(name) && args.some((argument) => !argument.startsWith('-')));
}
