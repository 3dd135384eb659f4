/** The one argument that says most, for a line: a path, a command, a pattern. */
export function describeArguments(json: string): string {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    // Models write invalid JSON at times: the text itself says it.
    return json;
  }
  if (typeof value !== 'object' || value === null) return json;
  const named = new Map(Object.entries(value));
  for (const key of ['path', 'command', 'pattern', 'query', 'file', 'summary', 'explanation']) {
    const found = named.get(key);
    if (typeof found === 'string') return found;
  }
  const first = [...named.values()].find((entry) => typeof entry === 'string');
  return typeof first === 'string' ? first : '';
}
