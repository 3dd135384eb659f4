import type { UtilityContext } from '../utility.ts';

/** Reports wrong use as GNU programs do. */
export async function wrongUse(context: UtilityContext, problem: string, status = 1): Promise<number> {
  await context.complain(`${problem}\nTry '${context.name} --help' for more information.`);
  return status;
}
