import { Tabs } from 'radix-ui';
import type { ReactNode } from 'react';
import { Group, Panel as Pane, Separator } from 'react-resizable-panels';
import { useView, useWorkbench } from '../context.tsx';
import type { Panel } from '../view.ts';

export type Panels = Readonly<Record<Panel, ReactNode>>;

/** Two or three resizable columns; in two, task and steps share the first. */
export function Columns({ panels, width }: { panels: Panels; width: 'wide' | 'medium' }) {
  const isWide = width === 'wide';
  return (
    <Group orientation="horizontal" className="columns" key={width}>
      <Pane defaultSize={isWide ? '20%' : '36%'} minSize="200px">
        {isWide ? panels.task : <TaskOrSteps panels={panels} />}
      </Pane>
      <Separator className="separator" />
      <Pane minSize="300px">
        <Group orientation="vertical">
          <Pane minSize="160px">{panels.code}</Pane>
          <Separator className="separator separator-row" />
          <Pane defaultSize="34%" minSize="110px">
            <Group orientation="horizontal">
              <Pane defaultSize="50%" minSize="150px">
                {panels.attempts}
              </Pane>
              <Separator className="separator" />
              <Pane minSize="150px">{panels.tests}</Pane>
            </Group>
          </Pane>
        </Group>
      </Pane>
      {isWide && (
        <>
          <Separator className="separator" />
          <Pane defaultSize="29%" minSize="280px">
            {panels.steps}
          </Pane>
        </>
      )}
    </Group>
  );
}

function TaskOrSteps({ panels }: { panels: Panels }) {
  const workbench = useWorkbench();
  const tab = useView(({ panel }) => (panel === 'steps' ? 'steps' : 'task'));
  return (
    <Tabs.Root
      className="tabs"
      value={tab}
      onValueChange={(value) => workbench.showPanel(value === 'steps' ? 'steps' : 'task')}
    >
      <Tabs.List className="tab-list" aria-label="Task and steps">
        <Tabs.Trigger className="tab" value="task">
          Task
        </Tabs.Trigger>
        <Tabs.Trigger className="tab" value="steps">
          Steps
        </Tabs.Trigger>
      </Tabs.List>
      <Tabs.Content className="tab-content" value={tab}>
        {panels[tab]}
      </Tabs.Content>
    </Tabs.Root>
  );
}
