/** The lines `Key: value` that end a commit's message (git-interpret-trailers(1)). */

/** `%(trailers:key=Signed-off-by,valueonly,separator=%x2C)`. */
export function trailersOf(message: string, style: string): string {
  const options = style === '' ? [] : style.split(',');
  const keys = options
    .filter((option) => option.startsWith('key='))
    .map((option) => option.slice(4).replace(/:$/, '').toLowerCase());
  const isOn = (name: string) => options.includes(name) || options.includes(`${name}=true`);
  const separator = options.find((option) => option.startsWith('separator='))?.slice('separator='.length);
  const found = trailersIn(message).filter(({ key }) => keys.length === 0 || keys.includes(key.toLowerCase()));
  const lines = found.map(({ key, value }) => (isOn('valueonly') ? value : isOn('keyonly') ? key : `${key}: ${value}`));
  if (separator === undefined) return lines.map((line) => `${line}\n`).join('');
  const hex = (text: string) =>
    text.replace(/%x([\da-fA-F]{2})/g, (_, byte: string) => String.fromCharCode(Number.parseInt(byte, 16)));
  return lines.join(hex(separator).replaceAll('%n', '\n'));
}

function trailersIn(message: string): { key: string; value: string }[] {
  const paragraphs = message.trimEnd().split(/\n\s*\n/);
  const last = paragraphs.length > 1 ? (paragraphs.at(-1) ?? '') : '';
  const found: { key: string; value: string }[] = [];
  for (const line of last.split('\n')) {
    const before = found.at(-1);
    const match = /^([A-Za-z\d-]+)\s*:\s*(.*)$/.exec(line);
    if (match) found.push({ key: match[1] ?? '', value: match[2] ?? '' });
    else if (/^\s/.test(line) && before) before.value += `\n${line}`;
    else return [];
  }
  return found;
}
