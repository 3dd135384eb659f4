import { O_CREAT, O_TRUNC, O_WRONLY } from '../../kernel/file-modes.ts';
import { SystemError } from '../../kernel/syscalls.ts';
import type { CoreBindingFactory } from '../core.ts';
import { diagnosticReport, type ReportSettings } from '../failures/diagnostic-report.ts';
import { writeText, writeToStderr } from '../failures/fatal.ts';

/** `internalBinding('report')`: diagnostic reports, as a value and in a file, and their settings. */
export const report: CoreBindingFactory = (core) => {
  const binding = core.described('report');
  const options = core.commandLine?.values ?? {};
  const settings: Record<string, unknown> = {
    Compact: options['--report-compact'] === true,
    ExcludeNetwork: options['--report-exclude-network'] === true,
    ExcludeEnv: options['--report-exclude-env'] === true,
    Directory: options['--report-dir'] ?? '',
    Filename: options['--report-filename'] ?? '',
    Signal: options['--report-signal'] || 'SIGUSR2',
  };
  for (const name of Object.keys(settings)) {
    binding[`get${name}`] = () => settings[name];
    binding[`set${name}`] = (value: unknown) => {
      settings[name] = value;
    };
  }
  const occasions = {
    FatalError: '--report-on-fatalerror',
    Signal: '--report-on-signal',
    UncaughtException: '--report-uncaught-exception',
  };
  for (const [name, option] of Object.entries(occasions)) {
    let on = options[option] === true;
    binding[`shouldReportOn${name}`] = () => on;
    binding[`setReportOn${name}`] = (value: boolean) => {
      on = value;
    };
  }
  const reportOf = (error: unknown, about: Pick<ReportSettings, 'event' | 'trigger' | 'filename'>): string => {
    const stack = String((error as { stack?: unknown } | null)?.stack ?? 'No stack.\nUnavailable.');
    const excludes = {
      excludesNetwork: settings['ExcludeNetwork'] === true,
      excludesEnvironment: settings['ExcludeEnv'] === true,
    };
    const value = diagnosticReport(core, stack, { ...excludes, ...about });
    return about.filename === null || settings['Compact'] === true
      ? JSON.stringify(value)
      : JSON.stringify(value, null, 2);
  };
  let written = 0;
  const defaultName = (): string => {
    const { pid, thread } = core.launch;
    const two = (part: number) => String(part).padStart(2, '0');
    const now = new Date();
    const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
    const time = `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
    written += 1;
    return `report.${day}.${time}.${pid}.${thread?.id ?? 0}.${String(written).padStart(3, '0')}.json`;
  };
  binding['getReport'] = (error: unknown) =>
    reportOf(error, { event: 'JavaScript API', trigger: 'GetReport', filename: null });
  const writeReport = (event: string, trigger: string, file: string | null | undefined, error: unknown) => {
    const name = file || String(settings['Filename'] || defaultName());
    const directory = String(settings['Directory']);
    const text = `${reportOf(error, { event, trigger, filename: name })}\n`;
    if (name === 'stdout' || name === 'stderr') {
      writeText(core, name === 'stdout' ? 1 : 2, text);
      return name;
    }
    try {
      const path = directory === '' ? name : `${directory}/${name}`;
      core.sys.call('writeFile', path, new core.host.TextEncoder().encode(text), O_WRONLY | O_CREAT | O_TRUNC, 0o644);
    } catch (failure) {
      if (!(failure instanceof SystemError)) throw failure;
      const where = directory === '' ? '' : ` directory: ${directory}`;
      const number = Math.abs(core.errnoOf(failure.code));
      writeToStderr(core, `\nFailed to open Node.js report file: ${name}${where} (errno: ${number})\n`);
      return '';
    }
    writeToStderr(core, `\nWriting Node.js report to file: ${name}\nNode.js report completed\n`);
    return name;
  };
  core.fatalHooks.report = (error) => {
    const shouldReport = binding['shouldReportOnUncaughtException'] as () => boolean;
    if (shouldReport()) writeReport('Exception', 'Exception', null, error);
  };
  return { ...binding, writeReport };
};
