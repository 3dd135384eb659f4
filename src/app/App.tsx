import { Tooltip } from 'radix-ui';
import { AttemptsPanel } from './attempts/AttemptsPanel.tsx';
import { CodePanel } from './code/CodePanel.tsx';
import { RerunDialog } from './dialogs/RerunDialog.tsx';
import { Header } from './header/Header.tsx';
import { NoticeBar } from './header/NoticeBar.tsx';
import { LiveRegion } from './LiveRegion.tsx';
import { Columns } from './layout/Columns.tsx';
import { NarrowPanels } from './layout/NarrowPanels.tsx';
import { usePageWidth } from './layout/page-width.ts';
import { StepsPanel } from './steps/StepsPanel.tsx';
import { TaskPanel } from './task/TaskPanel.tsx';
import { TestsPanel } from './tests/TestsPanel.tsx';

export function App() {
  const width = usePageWidth();
  const panels = {
    task: <TaskPanel />,
    steps: <StepsPanel />,
    code: <CodePanel />,
    tests: <TestsPanel />,
    attempts: <AttemptsPanel />,
  };
  return (
    <Tooltip.Provider delayDuration={400}>
      <div className={`app app-${width}`}>
        <Header />
        <NoticeBar />
        <main className="app-main">
          {width === 'narrow' ? <NarrowPanels panels={panels} /> : <Columns panels={panels} width={width} />}
        </main>
        <RerunDialog />
        <LiveRegion />
      </div>
    </Tooltip.Provider>
  );
}
