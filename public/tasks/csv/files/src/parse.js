/** Rows of fields. Fields are separated by commas, rows by line ends (\n or \r\n); a last empty line is no row. */
export function parseRows(text) {
  const lines = text.replace(/\r\n/g, '\n').split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => line.split(','));
}
