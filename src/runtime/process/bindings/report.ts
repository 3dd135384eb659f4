import type { BindingFactory } from '../context.ts';

/** `internalBinding('report')`: the settings of diagnostic reports; none is written. */
export const report: BindingFactory = (context) => {
  const binding = context.described('report');
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
  return binding;
};
