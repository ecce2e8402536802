import type { ReactNode } from 'react';
import { Icon, type IconName } from '../../components/icon.tsx';
import { show, useApp } from '../store.ts';
import { VIEW_LABELS, viewKey, VIEWS, type View } from '../views.ts';

const ICONS: Readonly<Record<View, IconName>> = {
  triage: 'triage',
  lookup: 'search',
  'hash-list': 'list',
  sources: 'sources',
  'known-sets': 'sets',
  changes: 'changes',
  sync: 'sync',
  usage: 'usage',
  settings: 'settings',
};

export function Rail(): ReactNode {
  const present = useApp((state) => state.view);
  return (
    <nav className="rail" aria-label="Views">
      {VIEWS.map((view) => (
        <button
          key={view}
          type="button"
          className={view === 'settings' ? 'last' : undefined}
          aria-current={view === present ? 'page' : undefined}
          title={`${VIEW_LABELS[view]} (${viewKey(view)})`}
          onClick={() => show(view)}
        >
          <Icon name={ICONS[view]} />
          {VIEW_LABELS[view]}
        </button>
      ))}
    </nav>
  );
}
