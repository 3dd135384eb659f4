/** Lines and columns count from 1. */
export interface Position {
  file: string;
  line: number;
  column: number;
}
