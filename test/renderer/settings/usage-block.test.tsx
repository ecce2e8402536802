import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, it } from 'vitest';
import { show } from '#renderer/app/store.ts';
import { openWindow } from '../window.tsx';

it('minutes, hours and days of the board are kept for as long as is set, within what fits', async () => {
  const bridge = await openWindow();
  act(() => show('settings'));
  fireEvent.click(await screen.findByRole('button', { name: 'Reputation board' }));
  for (const [label, values] of [
    ['Keep minutes', ['0', '401', '30']],
    ['Keep hours', ['6', '100']],
    ['Keep days', ['30', '3651', '400']],
  ] as const) {
    const field = await screen.findByLabelText(label);
    for (const value of values) {
      fireEvent.change(field, { target: { value } });
      fireEvent.blur(field);
    }
  }
  await waitFor(() =>
    expect(bridge.inputsOf('settings.set')).toEqual([
      { usageMinuteDays: 30 },
      { usageHourDays: 100 },
      { usageDays: 400 },
    ]),
  );
});
