/** Said to a model whose call its own server refused to pass on. */
export const UNREAD_CALL =
  'The server could not read your tool call. Make it again: the name of one tool, and its arguments as one JSON object.';
