import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import './styles/tokens.css';
import './styles/base.css';
import './styles/frame.css';
import './styles/controls.css';
import './styles/triage.css';
import './styles/overlays.css';
import './styles/window.css';
import './styles/lookup.css';
import './styles/grid.css';
import './styles/layers.css';
import './styles/sources.css';
import './styles/scan.css';
import './styles/life.css';
import './styles/annotations.css';
import './styles/changes.css';
import './styles/sync.css';
import './styles/charts.css';
import './styles/usage.css';
import './styles/report.css';
import './styles/narrow.css';

const root = document.querySelector('#root');
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
