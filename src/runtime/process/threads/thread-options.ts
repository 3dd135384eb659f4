/** Which command line options a thread may be given. */
import { type OptionTable, parseCommandLine } from '../options/options.ts';

/** Options of the whole process; Node's C++ keeps this list to itself. */
const PER_PROCESS =
  /^--(no-)?(title|trace-event-[\w-]+|trace-sigint|v8-pool-size|v8-options|zero-fill-buffers|debug-arraybuffer-allocations|disable-proto|disable-wasm-trap-handler|abort-on-uncaught-exception|node-snapshot|snapshot-blob|build-snapshot(-config)?|run|icu-data-dir|openssl-[\w-]+|secure-heap(-min)?|use-largepages|use-(bundled|openssl|system)-ca|security-revert|report-(compact|directory|filename|on-fatalerror|dir)|force-fips|enable-fips|tls-cipher-list|version|help|print-[\w-]+|stack-trace-limit)(=|$)/;

/** What is wrong with `execArgv`, as Node lists it in ERR_WORKER_INVALID_EXEC_ARGV; V8's flags hold for all threads. */
export function invalidThreadOptions(table: OptionTable, execArgv: readonly string[]): string[] {
  const { engineFlags, errors, argv } = parseCommandLine(table, ['node', ...execArgv]);
  const forbidden = execArgv.filter((word) => PER_PROCESS.test(word) || engineFlags.includes(word));
  return [...forbidden, ...errors.filter((error) => !error.startsWith('bad option: ')), ...argv.slice(1)];
}
