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
    const page = await requestJson(`${this.base}/books?q=${encodeURIComponent(text)}`);
    return page.books;
  }

  reserve(id, reader) {
    return requestJson(`${this.base}/books/${encodeURIComponent(id)}/reservations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ reader }),
    });
  }
}
