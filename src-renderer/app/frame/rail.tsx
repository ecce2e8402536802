import type { ReactNode } from 'react';
import { Icon, type IconName } from '../../components/icon.tsx';
import { show, useApp, type View } from '../store.ts';

const ITEMS: readonly { readonly view: View; readonly label: string; readonly icon: IconName }[] = [
  { view: 'triage', label: 'Triage', icon: 'triage' },
  { view: 'hash-list', label: 'Hash list', icon: 'list' },
  { view: 'known-sets', label: 'Known sets', icon: 'sets' },
  { view: 'settings', label: 'Settings', icon: 'settings' },
];

export function Rail(): ReactNode {
  const present = useApp((state) => state.view);
  return (
    <nav className="rail" aria-label="Views">
      {ITEMS.map(({ view, label, icon }, index) => (
        <button
          key={view}
          type="button"
          className={view === 'settings' ? 'last' : undefined}
          aria-current={view === present ? 'page' : undefined}
          title={`${label} (${index + 1})`}
          onClick={() => show(view)}
        >
          <Icon name={icon} />
          {label}
        </button>
      ))}
    </nav>
  );
}
