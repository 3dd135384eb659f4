import { Tabs } from 'radix-ui';
import { useView, useWorkbench } from '../context.tsx';
import { Icon, type IconName } from '../icons.tsx';
import type { Panel } from '../view.ts';
import type { Panels } from './Columns.tsx';

const TABS: readonly { readonly panel: Panel; readonly label: string; readonly icon: IconName }[] = [
  { panel: 'task', label: 'Task', icon: 'task' },
  { panel: 'steps', label: 'Steps', icon: 'plan' },
  { panel: 'code', label: 'Code', icon: 'code' },
  { panel: 'tests', label: 'Tests', icon: 'verify' },
  { panel: 'attempts', label: 'Attempts', icon: 'tree' },
];

/** One panel at a time, with a tab bar below. */
export function NarrowPanels({ panels }: { panels: Panels }) {
  const workbench = useWorkbench();
  const panel = useView((view) => view.panel);
  const show = (value: string) => {
    const tab = TABS.find((candidate) => candidate.panel === value);
    if (tab) workbench.showPanel(tab.panel);
  };
  return (
    <Tabs.Root className="narrow" value={panel} onValueChange={show}>
      <Tabs.Content className="tab-content" value={panel}>
        {panels[panel]}
      </Tabs.Content>
      <Tabs.List className="tab-bar" aria-label="Panels">
        {TABS.map(({ panel: value, label, icon }) => (
          <Tabs.Trigger key={value} className="tab-bar-item" value={value}>
            <Icon name={icon} size={18} />
            {label}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
    </Tabs.Root>
  );
}
