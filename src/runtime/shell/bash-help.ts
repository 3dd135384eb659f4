/** What bash tells of itself. */
export const LONG_OPTIONS: readonly string[] =
  'debug debugger dump-po-strings dump-strings help init-file login noediting noprofile norc posix pretty-print rcfile restricted verbose version'.split(
    ' ',
  );

export const VERSION_TEXT = `GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)
The shell of this sandbox: a shell of its own that reads scripts as this version of bash does.
`;

export function usageText(name: string): string {
  return `Usage:\t${name} [GNU long option] [option] ...
\t${name} [GNU long option] [option] script-file ...
GNU long options:
${LONG_OPTIONS.map((option) => `\t--${option}\n`).join('')}Shell options:
\t-ilrsD or -c command or -O shopt_option\t\t(invocation only)
\t-abefhkmnptuvxBCEHPT or -o option
`;
}

export function helpText(name: string): string {
  return `GNU bash, version 5.2.15(1)-release-(x86_64-pc-linux-gnu)\n${usageText(name)}`;
}
