import type { CoreBindingFactory } from '../core.ts';
import { diagnosticReport } from '../failures/diagnostic-report.ts';

/** `internalBinding('report')`: diagnostic reports as a value, and their settings; none is written to a file. */
export const report: CoreBindingFactory = (core) => {
  const binding = core.described('report');
  const settings: Record<string, unknown> = {
    Compact: false,
    ExcludeNetwork: false,
    ExcludeEnv: false,
    Directory: '',
    Filename: '',
    Signal: 'SIGUSR2',
  };
  for (const name of Object.keys(settings)) {
    binding[`get${name}`] = () => settings[name];
    binding[`set${name}`] = (value: unknown) => {
      settings[name] = value;
    };
  }
  for (const name of ['FatalError', 'Signal', 'UncaughtException']) {
    let on = false;
    binding[`shouldReportOn${name}`] = () => on;
    binding[`setReportOn${name}`] = (value: boolean) => {
      on = value;
    };
  }
  binding['getReport'] = (error: Error) =>
    JSON.stringify(
      diagnosticReport(core, String(error.stack), {
        excludesNetwork: settings['ExcludeNetwork'] === true,
        excludesEnvironment: settings['ExcludeEnv'] === true,
      }),
    );
  return binding;
};
