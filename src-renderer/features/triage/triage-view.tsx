import type { ReactNode } from 'react';
import { useApp } from '../../app/store.ts';
import { Home } from './home.tsx';
import { IntakePage } from './intake/intake-page.tsx';

export function TriageView(): ReactNode {
  const intakeId = useApp((state) => state.intakeId);
  return intakeId === null ? <Home /> : <IntakePage key={intakeId} intakeId={intakeId} />;
}
