/** The edit_file arguments that turn one text into another: changed lines, with as many around them as make them unique. */
export function editBetween(before: string, after: string): { find: string; replace: string } {
  const [old, now] = [before.split('\n'), after.split('\n')];
  let top = 0;
  while (top < Math.min(old.length, now.length) && old[top] === now[top]) top += 1;
  let bottom = 0;
  while (bottom < Math.min(old.length, now.length) - top && old.at(-1 - bottom) === now.at(-1 - bottom)) bottom += 1;
  for (;;) {
    const find = old.slice(top, old.length - bottom).join('\n');
    const replace = now.slice(top, now.length - bottom).join('\n');
    if ((isOnce(before, find) && isOnce(after, replace)) || (top === 0 && bottom === 0)) return { find, replace };
    if (bottom > 0) bottom -= 1;
    if (top > 0) top -= 1;
  }
}

function isOnce(text: string, part: string): boolean {
  const at = text.indexOf(part);
  return part !== '' && at !== -1 && text.indexOf(part, at + 1) === -1;
}
