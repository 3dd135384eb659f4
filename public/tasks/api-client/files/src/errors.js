/** The server refused: `status` is HTTP's. */
export class CatalogueError extends Error {
  constructor(status, message) {
    super(`${status}: ${message}`);
    this.name = 'CatalogueError';
    this.status = status;
  }
}
