/** Tells once why a host cannot be reached: the error itself is Node's own, and says only that it was not found. */
import type { ProcessContext } from '../context.ts';

/** Names that are never found, or never meant to be (RFC 2606, RFC 6761). */
const NEVER_FOUND = /(^|\.)(test|example|invalid|localhost|local)\.?$/i;
const told = new WeakSet<ProcessContext>();

/** A warning of the process, for the first name or address that is neither reserved nor of this machine. */
export function tellOfMissingNetwork(context: ProcessContext, host: string): void {
  if (told.has(context) || NEVER_FOUND.test(host) || !host.includes('.')) return;
  told.add(context);
  const emitWarning = context.process['emitWarning'] as (text: string) => void;
  emitWarning.call(context.process, `This sandbox has no network: ${host} cannot be reached`);
}
