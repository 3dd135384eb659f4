import { requestJson } from './request.js';

export class Catalogue {
  constructor(base) {
    this.base = base;
  }

  book(id) {
    return requestJson(`${this.base}/books/${encodeURIComponent(id)}`);
  }

  /** All books that match, from all pages. */
  async search(text) {
    const books = [];
    for (let next = `/books?q=${encodeURIComponent(text)}`; next !== null; ) {
      const page = await requestJson(this.base + next);
      books.push(...page.books);
      next = page.next;
    }
    return books;
  }

  reserve(id, reader) {
    return requestJson(`${this.base}/books/${encodeURIComponent(id)}/reservations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ reader }),
    });
  }
}
