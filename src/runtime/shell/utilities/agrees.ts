import type { UtilityContext } from '../utility.ts';

/** Asks on stderr: an answer that starts with y is a yes, the end of the input a no. */
export async function agrees({ stdin, stdout, stderr }: UtilityContext, question: string): Promise<boolean> {
  await stdout.flush();
  await stderr.print(question);
  return /^[yY]/.test(new TextDecoder().decode(await stdin.takeLine()));
}
