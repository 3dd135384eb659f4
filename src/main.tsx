/** Wiring only. */
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { WorkbenchProvider } from './app/context.tsx';
import { createWorkbench } from './app/workbench.ts';
import './app/styles/tokens.css';
import './app/styles/base.css';
import './app/styles/layout.css';
import './app/styles/panels.css';
import './app/styles/steps.css';
import './app/styles/code.css';
import './app/styles/dialogs.css';
import './app/styles/agent.css';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element "root"');
const workbench = createWorkbench();
createRoot(root).render(
  <WorkbenchProvider workbench={workbench}>
    <App />
  </WorkbenchProvider>,
);
void workbench.open();
