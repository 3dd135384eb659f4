/** The last `//# name=value` comment of a text, as V8 reads it. */
function magicComment(source: string, name: string): string | undefined {
  if (!source.includes(`${name}=`)) return undefined;
  let value: string | undefined;
  for (const match of source.matchAll(new RegExp(`//[#@][ \\t]${name}=[ \\t]*([^\\s'"]*)[ \\t]*$`, 'gm')))
    value = match[1];
  return value === '' ? undefined : value;
}

export const sourceMapUrlOf = (source: string): string | undefined => magicComment(source, 'sourceMappingURL');
export const sourceUrlOf = (source: string): string | undefined => magicComment(source, 'sourceURL');
