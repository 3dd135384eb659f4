import { escape } from './escape.js';

/** The marks within a text as HTML. */
export function inline(text) {
  return escape(text);
}
