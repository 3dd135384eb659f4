/** What `set -o` knows. */
export interface ShellOptions {
  errexit: boolean;
  nounset: boolean;
  xtrace: boolean;
  pipefail: boolean;
  noglob: boolean;
  noexec: boolean;
  allexport: boolean;
  verbose: boolean;
  noclobber: boolean;
  errtrace: boolean;
  posix: boolean;
  monitor: boolean;
  functrace: boolean;
}

export const INITIAL_OPTIONS: Readonly<ShellOptions> = {
  errexit: false,
  nounset: false,
  xtrace: false,
  pipefail: false,
  noglob: false,
  noexec: false,
  allexport: false,
  verbose: false,
  noclobber: false,
  errtrace: false,
  posix: false,
  monitor: false,
  functrace: false,
};
