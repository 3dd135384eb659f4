import type { Span } from './transform/module-transform.ts';

export interface LinkFailure {
  reason: 'missing' | 'ambiguous' | 'circular';
  specifier: string;
  name: string;
  span: Span;
}

/** V8's words for it. */
export function linkErrorMessage({ reason, specifier, name }: LinkFailure): string {
  switch (reason) {
    case 'missing':
      return `The requested module '${specifier}' does not provide an export named '${name}'`;
    case 'ambiguous':
      return `The requested module '${specifier}' contains conflicting star exports for name '${name}'`;
    case 'circular':
      return `Detected cycle while resolving name '${name}' in '${specifier}'`;
  }
}
