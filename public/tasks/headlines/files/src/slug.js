import { withoutMarks } from './letters.js';

/** The address of a headline: lower case, words joined by one hyphen, nothing else. */
export function slug(headline) {
  return withoutMarks(headline)
    .toLowerCase()
    .replace(/[^a-z0-9]+/, '-')
    .replace(/^-|-$/g, '');
}

/** A slug that none of `taken` has: "news", "news-2", "news-3". */
export function uniqueSlug(headline, taken) {
  const base = slug(headline);
  if (!taken.includes(base)) return base;
  let number = 2;
  while (taken.includes(`${base}-${number}`)) number += 1;
  return `${base}-${number}`;
}
