/**
 * Rows of fields. Fields are separated by commas, rows by line ends (\n or \r\n); a last empty line is no row. A field in double
 * quotes may hold both, and a doubled quote stands for one (RFC 4180).
 */
export function parseRows(text) {
  const rows = [];
  let row = [];
  let field = '';
  let quoted = false;
  const endRow = () => {
    row.push(field);
    rows.push(row);
    row = [];
    field = '';
  };
  for (let i = 0; i < text.length; i += 1) {
    const character = text[i];
    if (quoted) {
      if (character !== '"') field += character;
      else if (text[i + 1] === '"') {
        field += '"';
        i += 1;
      } else quoted = false;
    } else if (character === '"' && field === '') quoted = true;
    else if (character === ',') {
      row.push(field);
      field = '';
    } else if (character === '\n') endRow();
    else if (character !== '\r' || text[i + 1] !== '\n') field += character;
  }
  if (quoted) throw new Error('a quote does not end');
  if (field !== '' || row.length > 0) endRow();
  return rows;
}
