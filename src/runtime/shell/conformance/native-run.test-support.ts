/** Runs a program of this image on the machine's own files, for tests. */

import { Descriptor, DescriptorTable } from '../descriptor.ts';
import { setPartLoader, type UtilityPart } from '../lazy.ts';
import { runProgramAs } from '../run-program.ts';
import { Shell } from '../shell.ts';
import { utilities } from '../utilities/index.ts';
import { NativeSys } from './native-sys.test-support.ts';

setPartLoader(async (name): Promise<UtilityPart> => await import(`../parts/${name}.ts`));

export interface NativeRun {
  argv: readonly string[];
  cwd: string;
  input?: string;
  env: Readonly<Record<string, string>>;
}

export interface NativeResult {
  stdout: string;
  stderr: string;
  status: number;
  /** Descriptors that were never closed. */
  leaked: number;
}

export async function runNatively({ argv, cwd, input = '', env }: NativeRun): Promise<NativeResult> {
  const sys = new NativeSys(cwd, input);
  const descriptors = new DescriptorTable();
  for (const fd of [0, 1, 2]) descriptors.set(fd, new Descriptor(sys, fd));
  const shell = new Shell({
    sys,
    pid: process.pid,
    ppid: process.ppid,
    bash: false,
    name: 'sh',
    positional: [],
    env: new Map(Object.entries(env)),
    cwd,
    descriptors,
  });
  const stdout = sys.collect(1);
  const stderr = sys.collect(2);
  const utility = utilities.get(argv[0] ?? '');
  if (!utility) throw new Error(`no utility ${argv[0]}`);
  const status = await runProgramAs(shell, utility, { argv });
  descriptors.releaseAll();
  return { stdout: await stdout, stderr: await stderr, status, leaked: sys.openCount };
}
