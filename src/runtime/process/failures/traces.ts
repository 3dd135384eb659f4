/** What `--trace-exit`, `--trace-uncaught` and `--trace-sync-io` add on standard error. */
import type { AbortingContext } from './abort-on-uncaught.ts';
import { isRuntimeScript } from './call-sites.ts';
import type { Position } from './position.ts';

/** As in Node, unless `--stack-trace-limit` says otherwise. */
export const TRACED_FRAMES = 10;

/** Null without `--trace-exit`. The frames are those of `process.exit`; an uncaught error has none. */
export function exitTrace(context: AbortingContext, code: number, frames: readonly NodeJS.CallSite[]): string | null {
  if (context.commandLine?.values['--trace-exit'] !== true) return null;
  const { pid, thread } = context.launch;
  const who = thread ? `${pid}, thread:${thread.id}` : String(pid);
  return `(node:${who}) WARNING: Exited the environment with code ${code}\n${frames.map(frameText).join('')}\n`;
}

/** Empty without `--trace-uncaught`. A browser tells the place of a throw, not its callers. */
export function throwTrace(context: AbortingContext, thrownAt: Position | undefined): string {
  if (context.commandLine?.values['--trace-uncaught'] !== true || !thrownAt || isRuntimeScript(thrownAt.file))
    return '';
  return `Thrown at:\n    at ${thrownAt.file}:${thrownAt.line}:${thrownAt.column}\n\n`;
}

/** What `--trace-sync-io` says of a call that blocks the loop. */
export function syncTrace({ launch }: Pick<AbortingContext, 'launch'>, frames: readonly NodeJS.CallSite[]): string {
  return `(node:${launch.pid}) WARNING: Detected use of sync API\n${frames.map(frameText).join('')}\n`;
}

function frameText(site: NodeJS.CallSite): string {
  const place = `${site.getScriptNameOrSourceURL()}:${site.getLineNumber()}:${site.getColumnNumber()}`;
  const name = site.getFunctionName();
  return `    at ${name ? `${name} (${place})` : place}\n`;
}
