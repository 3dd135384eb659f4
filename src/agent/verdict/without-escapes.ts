// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are control characters.
const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;

/** Text of a terminal without its colours and movements. */
export const withoutEscapes = (text: string): string => text.replace(ESCAPES, '');
