/** "Café" -> "Cafe": letters without their marks. */
export function withoutMarks(text) {
  return text.normalize('NFD').replace(/\p{Mark}/gu, '');
}

/** The words of a text: runs of letters and digits. */
export function words(text) {
  return text.match(/[\p{Letter}\p{Number}]+/gu) ?? [];
}
