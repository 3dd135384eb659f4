/** Which command line options a thread may be given. */
import { OptionKind, type OptionTable, parseCommandLine } from '../options/options.ts';

/** Options of the whole process; Node's C++ keeps this list to itself. */
const PER_PROCESS =
  /^--(no-)?(title|trace-event-[\w-]+|trace-sigint|v8-pool-size|v8-options|zero-fill-buffers|debug-arraybuffer-allocations|disable-proto|disable-wasm-trap-handler|abort-on-uncaught-exception|node-snapshot|snapshot-blob|build-snapshot(-config)?|run|icu-data-dir|openssl-[\w-]+|secure-heap(-min)?|use-largepages|use-(bundled|openssl|system)-ca|security-revert|report-(compact|directory|filename|on-fatalerror|dir)|force-fips|enable-fips|tls-cipher-list|version|help|print-[\w-]+|stack-trace-limit)(=|$)/;

/** What is wrong with `execArgv`, as Node lists it in ERR_WORKER_INVALID_EXEC_ARGV. */
export function invalidThreadOptions(table: OptionTable, execArgv: readonly string[]): string[] {
  const { errors, argv } = parseCommandLine(table, ['node', ...execArgv]);
  const forbidden = execArgv.filter((word) => PER_PROCESS.test(word) || isForV8(table, word));
  return [...forbidden, ...errors.map((error) => error.replace(/^bad option: /, '')), ...argv.slice(1)];
}

/** V8's flags hold for all threads. Those the table does not know were taken for V8's by the parser. */
function isForV8(table: OptionTable, word: string): boolean {
  if (!word.startsWith('--') || word === '--') return false;
  const name = word.split('=', 1)[0]?.replaceAll('_', '-') ?? word;
  const positive = name.replace(/^--no-/, '--');
  if (table.aliases.has(name) || table.aliases.has(`${name} <arg>`) || table.aliases.has(`${name}=`)) return false;
  const kind = table.kinds.get(name) ?? table.kinds.get(positive);
  return kind === OptionKind.v8 || (kind === undefined && isParsed(table, word));
}

const isParsed = (table: OptionTable, word: string): boolean =>
  parseCommandLine(table, ['node', word]).errors.length === 0;
