/** Refspecs: which refs of one repository are which of the other, `+refs/heads/*:refs/remotes/origin/*`. */

export interface Refspec {
  /** Also where that loses commits. */
  force: boolean;
  from: string;
  /** Undefined when none is given, empty when it is given as empty. */
  to: string | undefined;
}

export function parseRefspec(text: string): Refspec {
  const [from = '', to] = text.replace(/^\+/, '').split(':');
  return { force: text.startsWith('+'), from, to };
}

/** The ref that another one becomes; undefined when the refspec does not speak of it. */
export function mapRef(spec: Refspec, ref: string): string | undefined {
  return spec.to === undefined ? undefined : substitute(spec.from, spec.to, ref);
}

/** The ref that becomes this one. */
export function mapBack(spec: Refspec, ref: string): string | undefined {
  return spec.to === undefined ? undefined : substitute(spec.to, spec.from, ref);
}

function substitute(pattern: string, result: string, ref: string): string | undefined {
  const star = pattern.indexOf('*');
  if (star === -1) return ref === pattern ? result : undefined;
  const [start, end] = [pattern.slice(0, star), pattern.slice(star + 1)];
  if (ref.length < start.length + end.length || !ref.startsWith(start) || !ref.endsWith(end)) return undefined;
  return result.replace('*', ref.slice(start.length, ref.length - end.length));
}
