/** What keeps the loop alive: `process.getActiveResourcesInfo()` and its older relatives. */
import type { ProcessContext } from './context.ts';

/** Node's names of handles, where they are not those of their providers. */
const NAMES: Readonly<Record<string, string>> = {
  TCPWRAP: 'TCPSocketWrap',
  TCPSERVERWRAP: 'TCPServerWrap',
  PIPEWRAP: 'PipeWrap',
  PIPESERVERWRAP: 'PipeWrap',
  TTYWRAP: 'TTYWrap',
  PROCESSWRAP: 'ProcessWrap',
  SIGNALWRAP: 'SignalWrap',
  FSEVENTWRAP: 'FSEventWrap',
  STATWATCHER: 'StatWatcher',
  MESSAGEPORT: 'MessagePort',
};

export interface ActiveResources {
  /** Handles that are open and referenced, with their provider's names: as Node's own list, also those that wait for nothing. */
  readonly handles: Map<object, string>;
  /** Requests that wait for an answer, with their names. */
  readonly requests: Map<object, string>;
}

const resourcesOf = new WeakMap<ProcessContext, ActiveResources>();

export function activeResources(context: ProcessContext): ActiveResources {
  let resources = resourcesOf.get(context);
  if (resources === undefined) {
    resources = { handles: new Map(), requests: new Map() };
    resourcesOf.set(context, resources);
  }
  return resources;
}

export function nameOfHandle(provider: string): string {
  return NAMES[provider] ?? provider;
}
