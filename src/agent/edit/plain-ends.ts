/** A text whose every line ends as on Windows came that way: the files keep their own line ends. */
export function withPlainEnds(text: string): string {
  const isWindows = text.includes('\r\n') && !/(^|[^\r])\n/.test(text);
  return isWindows ? text.replaceAll('\r\n', '\n').replace(/\r$/, '') : text;
}
