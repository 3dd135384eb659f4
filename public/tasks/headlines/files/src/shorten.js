/** At most `length` characters, cut at a blank where there is one, with an ellipsis that counts. */
export function shorten(text, length) {
  if (text.length <= length) return text;
  const cut = text.slice(0, length - 1);
  const blank = cut.lastIndexOf(' ');
  return `${(blank > 0 ? cut.slice(0, blank) : cut).trimEnd()}…`;
}
