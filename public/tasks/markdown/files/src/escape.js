const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A text in which nothing is HTML. */
export function escape(text) {
  return text.replace(/[&<>"]/g, (sign) => ENTITIES[sign]);
}
