/** The format that an export is asked for in. */
import { invalidValue } from './argument-errors.ts';

interface ExportFormat {
  readonly format: 'json' | 'binary' | 'zip';
  /** At most so many bytes of each file; null: all. */
  readonly head: number | null;
}

const FORMAT = /^(json|binary|zip)(?:;head=(\d+))?$/;

/** "binary", or with a limit to each file, for which the client has no option of its own: "binary;head=1000". TypeError for what is none. */
export function exportFormat(name: unknown = 'json'): ExportFormat {
  const [, format, head] = FORMAT.exec(String(name)) ?? [];
  if (format === undefined) throw invalidValue('options.format', "must be one of: 'json', 'binary', 'zip'", name);
  return { format: format as ExportFormat['format'], head: head === undefined ? null : Number(head) };
}
