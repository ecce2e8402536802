import type { ReactNode } from 'react';
import { Icon } from '../../components/icon.tsx';
import { KeyCap } from '../keys/key-cap.tsx';
import { setOverlay } from '../store.ts';
import { toggleTheme } from '../theme.ts';

export function TopBar(): ReactNode {
  return (
    <header className="topbar">
      <div className="brand">
        <Icon name="assay" />
        Assay
      </div>
      <button type="button" className="command" onClick={() => setOverlay('palette')}>
        <Icon name="search" />
        <span className="grow">Paste hashes or a list, find an intake or an action</span>
        <KeyCap keys="Ctrl K" />
      </button>
      <div className="end">
        <button
          type="button"
          className="button plain square"
          aria-label="Switch between light and dark"
          onClick={toggleTheme}
        >
          <Icon name="theme" />
        </button>
      </div>
    </header>
  );
}
