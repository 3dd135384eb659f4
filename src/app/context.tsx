import { createContext, type ReactNode, use, useSyncExternalStore } from 'react';
import type { SessionState } from '../session/state/session-state.ts';
import type { View } from './view.ts';
import type { Workbench } from './workbench.ts';

const Context = createContext<Workbench | null>(null);

export function WorkbenchProvider({ workbench, children }: { workbench: Workbench; children: ReactNode }) {
  return <Context value={workbench}>{children}</Context>;
}

/** The verbs. */
export function useWorkbench(): Workbench {
  const workbench = use(Context);
  if (!workbench) throw new Error('No WorkbenchProvider around this component');
  return workbench;
}

/** Part of the view; the selector must return a stable value for an unchanged view. */
export function useView<T>(select: (view: View) => T): T {
  const { view } = useWorkbench();
  return useSyncExternalStore(view.subscribe, () => select(view.get()));
}

export function useSession(): SessionState {
  return useView((view) => view.session);
}
