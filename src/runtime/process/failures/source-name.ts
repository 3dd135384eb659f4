/** The engine takes no `sourceURL` with white space or quotes in it: those are written as characters of the private use area. */
const PRIVATE = 0xf700;

/** An empty name would be none. */
const EMPTY = String.fromCharCode(PRIVATE);

/** The comment that gives evaluated text its name in stacks. */
export const sourceUrlComment = (file: string): string =>
  `\n//# sourceURL=${file === '' ? EMPTY : file.replace(/[\s"']/g, (character) => String.fromCharCode(PRIVATE + (character.charCodeAt(0) & 0xff)))}`;

/** The name that was given. */
export const givenName = (name: string): string =>
  name === EMPTY
    ? ''
    : name.replace(/[\uf700-\uf7ff]/g, (character) => String.fromCharCode(character.charCodeAt(0) - PRIVATE));
