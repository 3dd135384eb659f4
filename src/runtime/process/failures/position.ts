/** Lines and columns count from 1. */
export interface Position {
  file: string;
  line: number;
  column: number;
}

/** What was thrown; the place where the browser tells it. */
export interface Thrown {
  error: unknown;
  place?: Position;
}
