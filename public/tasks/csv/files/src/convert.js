/** Numbers and booleans where a field is one, else the text. */
export function convert(field) {
  if (/^-?\d+(\.\d+)?$/.test(field)) return Number(field);
  if (field === 'true' || field === 'false') return field === 'true';
  return field;
}

export const convertRecord = (record) => Object.fromEntries(Object.entries(record).map(([name, field]) => [name, convert(field)]));
