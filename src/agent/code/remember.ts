/** Characters of content that one memory holds on to; beyond it the memory starts anew. */
const REMEMBERED = 128 * 1024 * 1024;

/** What is derived from a text, derived once: files keep their content over most of a run. */
export function rememberByContent<Fact>(
  derive: (text: string, path: string) => Fact,
): (text: string, path: string) => Fact {
  // A file's kind is told by its path's ending, so the same text in another kind of file is another thing.
  const memories = new Map<string, Map<string, Fact>>();
  let size = 0;
  return (text, path) => {
    const kind = path.slice(path.lastIndexOf('.') + 1);
    const memory = memories.get(kind) ?? new Map<string, Fact>();
    memories.set(kind, memory);
    const known = memory.get(text);
    if (known !== undefined) return known;
    const fact = derive(text, path);
    size += text.length;
    if (size > REMEMBERED) {
      memories.clear();
      size = 0;
    } else memory.set(text, fact);
    return fact;
  };
}
