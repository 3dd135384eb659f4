import type { RiskFinding } from '../../../session/values.ts';

const MOST = 3;

/** Whoever came past the rules to a file with secrets found placeholders there: an output that holds one tells that it was tried. */
export function seenPlaceholders(
  output: string,
  masked: readonly { readonly path: string; readonly content: string }[],
): readonly RiskFinding[] {
  const findings = masked.flatMap(({ path, content }) =>
    content.split('\n').flatMap((code, index): RiskFinding[] => {
      const placeholder = /\bmasked(?:-[a-z\d-]+)?/.exec(code)?.[0];
      if (placeholder === undefined || placeholder === 'masked' || !output.includes(placeholder)) return [];
      return [{ path, line: index + 1, risk: 'was read by a command, which found placeholders for its secrets', code }];
    }),
  );
  return findings.slice(0, MOST);
}
