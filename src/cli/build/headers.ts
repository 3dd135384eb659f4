/**
 * The response headers, in one place: the dev server, `npm start` and the `_headers` file for static hosts all use these
 * rules. A rule's pattern is a path, with `*` at the end for all below it; later rules replace headers of earlier ones.
 */
export interface HeaderRule {
  readonly pattern: string;
  readonly headers: Readonly<Record<string, string>>;
}

const policy = (directives: Record<string, string>) =>
  Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`.trim())
    .join('; ');

/** Of files whose paths change with their content. */
const IMMUTABLE = { 'Cache-Control': 'public, max-age=31536000, immutable' };

/** `sandboxScriptHash` as `buildRuntimeAssets` gives it; `development` lets Vite's client run. */
export function headerRules(sandboxScriptHash: string, development = false): readonly HeaderRule[] {
  return [
    {
      pattern: '/*',
      headers: {
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Cross-Origin-Embedder-Policy': 'require-corp',
        'Cross-Origin-Resource-Policy': 'same-origin',
        'X-Content-Type-Options': 'nosniff',
        'Referrer-Policy': 'no-referrer',
        'Content-Security-Policy': policy({
          'default-src': "'none'",
          'script-src': `'self' 'wasm-unsafe-eval'${development ? " 'unsafe-inline'" : ''}`,
          'style-src': "'self' 'unsafe-inline'",
          'worker-src': "'self' blob:",
          // A model's address is the user's choice; the sandbox has a policy of its own.
          'connect-src': "'self' https: http: ws:",
          'img-src': "'self' data:",
          'font-src': "'self' data:",
          'manifest-src': "'self'",
          // The last are previews: see `previews/`.
          'frame-src': "'self' https://stackblitz.com https://*.webcontainer.io http://*.localhost:*",
          'base-uri': "'none'",
          'form-action': "'none'",
          'frame-ancestors': "'none'",
        }),
      },
    },
    {
      pattern: '/headless',
      headers: {
        // A page on another port of this machine may embed the sandbox, too: a development server, a test runner.
        'Cross-Origin-Resource-Policy': 'same-site',
        'Content-Security-Policy': policy({
          'default-src': "'none'",
          'script-src': "'self'",
          'connect-src': "'self'",
          'frame-src': "'self'",
          'base-uri': "'none'",
          'form-action': "'none'",
          'frame-ancestors': "'self' http://localhost:* http://127.0.0.1:*",
        }),
      },
    },
    {
      pattern: '/runtime/sandbox.html',
      headers: {
        'Content-Security-Policy': policy({
          sandbox: 'allow-scripts',
          'default-src': "'none'",
          'script-src': `${sandboxScriptHash} blob: 'unsafe-eval' 'wasm-unsafe-eval'`,
          'worker-src': 'blob:',
          'connect-src': "'none'",
          'base-uri': "'none'",
          'form-action': "'none'",
          'frame-ancestors': "'self' http://localhost:* http://127.0.0.1:*",
        }),
      },
    },
    { pattern: '/assets/*', headers: IMMUTABLE },
    { pattern: '/runtime/v/*', headers: IMMUTABLE },
  ];
}

/** The headers of one path. */
export function headersFor(rules: readonly HeaderRule[], path: string): Record<string, string> {
  const matching = rules.filter(({ pattern }) =>
    pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern || path === `${pattern}.html`,
  );
  return Object.assign({}, ...matching.map((rule) => rule.headers));
}

/**
 * The rules in the `_headers` format that static hosts read. A host that joins the values of several matching rules would send two
 * policies, so the later rule detaches the earlier one's header first (`! Name`).
 */
export function formatHeadersFile(rules: readonly HeaderRule[]): string {
  return rules
    .flatMap(({ pattern, headers }) => [
      pattern,
      ...(pattern === '/*' ? [] : Object.keys(headers).map((name) => `  ! ${name}`)),
      ...Object.entries(headers).map(([name, value]) => `  ${name}: ${value}`),
    ])
    .join('\n')
    .concat('\n');
}

/** The inverse of {@link formatHeadersFile}; throws on a line it does not know. */
export function parseHeadersFile(text: string): readonly HeaderRule[] {
  const rules: { pattern: string; headers: Record<string, string> }[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '' || line.startsWith('  ! ')) continue;
    const header = /^ {2}([\w-]+): (.*)$/.exec(line);
    const rule = rules.at(-1);
    if (header?.[1] && header[2] !== undefined && rule) rule.headers[header[1]] = header[2];
    else if (line.startsWith('/')) rules.push({ pattern: line, headers: {} });
    else throw new Error(`_headers: cannot read the line "${line}"`);
  }
  return rules;
}
