import { act, fireEvent, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { defaultSettings, type Settings } from '#shared/settings/schema.ts';
import { show } from '#renderer/app/store.ts';
import { openWindow } from '../window.tsx';

const none = defaultSettings().callPrices;

async function openPrices(): Promise<Partial<Settings>[]> {
  const changes: Partial<Settings>[] = [];
  await openWindow({
    'settings.set': (change) => {
      changes.push(change as Partial<Settings>);
      // Nothing came back yet when the next field is left.
      return new Promise(() => undefined);
    },
  });
  act(() => show('settings'));
  fireEvent.click(await screen.findByRole('button', { name: 'Reputation board' }));
  await screen.findByLabelText('Currency');
  return changes;
}

function type(label: string, text: string): void {
  const field = screen.getByLabelText(label);
  fireEvent.change(field, { target: { value: text } });
  fireEvent.blur(field);
}

describe('prices of calls', () => {
  it('are kept beside each other, and taken away by an empty field', async () => {
    const changes = await openPrices();
    type('VirusTotal', '0.02');
    type('WildFire', ' 1 ');
    type('VirusTotal', '');
    type('Currency', ' EUR ');
    expect(changes).toEqual([
      { callPrices: { ...none, virustotal: 0.02 } },
      { callPrices: { ...none, virustotal: 0.02, wildfire: 1 } },
      { callPrices: { ...none, wildfire: 1 } },
      { currency: 'EUR' },
    ]);
  });

  it.each(['-1', 'free', '1e9', '0,02', '1000001'])('are not %s', async (text) => {
    const changes = await openPrices();
    type('VirusTotal', text);
    expect(screen.getByLabelText('VirusTotal').getAttribute('aria-invalid')).toBe('true');
    expect(screen.getByText('A number from 0 to 1,000,000, such as 0.02.')).toBeDefined();
    expect(changes).toEqual([]);
  });
});
