import { screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { show } from '#renderer/app/store.ts';
import { openWindow } from '../window.tsx';
import { bootstrap, stats } from '../world.ts';

const SAYS = 'The database is at its maximum size';

it('says in every view that nothing more is made while the database is at its maximum size', async () => {
  const size = { bytes: 8_500_000_000, cap: 8_589_934_592, isFull: true };
  await openWindow({ 'app.bootstrap': () => bootstrap({ stats: { ...stats(), size } }) });
  const bar = document.querySelector('footer');
  expect(within(bar as HTMLElement).getByText(SAYS).parentElement?.title).toContain('Raise the Maximum Database Size');
  show('sources');
  expect((await screen.findByText(`${SAYS}.`)).parentElement?.textContent).toContain('not asked about');
});

it('says nothing of it while there is room', async () => {
  await openWindow({});
  expect(screen.queryByText(SAYS)).toBeNull();
});
