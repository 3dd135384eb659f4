/** The head of one HTTP message while it arrives: url, status text and headers, with Node's limit on their size. */

export class HttpMessage {
  url = '';
  status = '';
  /** Name, value, name, value … */
  headers: string[] = [];
  #inValue = true;
  #size = 0;
  readonly #maxSize: number;

  /** `maxSize` in bytes, as `--max-http-header-size`. */
  constructor(maxSize: number) {
    this.#maxSize = maxSize;
  }

  begin(): void {
    this.url = '';
    this.status = '';
    this.headers = [];
    this.#inValue = true;
    this.#size = 0;
  }

  /** Each of these returns false when the head has become too large. */
  addUrl(part: string): boolean {
    this.url += part;
    return this.#fits(part);
  }
  addStatus(part: string): boolean {
    this.status += part;
    return this.#fits(part);
  }
  addField(part: string): boolean {
    if (this.#inValue) this.headers.push(part, '');
    else this.headers[this.headers.length - 2] += part;
    this.#inValue = false;
    return this.#fits(part);
  }
  addValue(part: string): boolean {
    this.headers[this.headers.length - 1] += part;
    this.#inValue = true;
    return this.#fits(part);
  }

  /** The headers until now, values without trailing white space; what follows are trailers. */
  takeHeaders(): string[] {
    const headers = this.headers.map((text, i) => (i % 2 === 1 ? text.replace(/[ \t]+$/, '') : text));
    this.headers = [];
    this.#inValue = true;
    this.#size = 0;
    return headers;
  }

  #fits(part: string): boolean {
    this.#size += part.length;
    return this.#size < this.#maxSize;
  }
}
