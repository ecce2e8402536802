import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Answers } from '../fake-bridge.ts';
import { detail, hashOf } from '../world.ts';
import { filledGrid, openWindow } from '../window.tsx';
import { found, item, malicious, result, source } from './lookup-world.ts';

/** Opens the detail of the first row. */
async function openDetail(change: Answers) {
  const bridge = await openWindow(change);
  fireEvent.click(await screen.findByRole('button', { name: 'list.csv' }));
  const grid = await filledGrid();
  fireEvent.keyDown(grid, { key: 'ArrowDown' });
  fireEvent.keyDown(grid, { key: 'ArrowUp' });
  const pane = within(await screen.findByRole('complementary', { name: 'Detail of the row' }));
  await pane.findByRole('heading', { name: 'Sources' });
  return { bridge, pane };
}

describe('asking from the detail of a row', () => {
  it('asks a source again, with its price, and opens its page', async () => {
    const { bridge, pane } = await openDetail({
      'intake.detail': ({ entry }) =>
        detail(entry, { items: [item('wildfire', 'malicious'), item('virustotal', 'malicious')] }),
      'lookup.find': () => found(malicious(0)),
      'lookup.ask': () => ({ queued: 1, refused: [] }),
      'lookup.openPage': () => ({}),
    });
    const again = await pane.findByRole('button', { name: 'Ask VirusTotal again: 1 of 207 requests left' });
    expect(again.textContent).toBe('Ask again, 1 of 207 requests left');
    expect(pane.getAllByText('due now')).toHaveLength(1);
    fireEvent.click(again);
    fireEvent.click(pane.getByRole('button', { name: 'Ask WildFire again: 1 request' }));
    await waitFor(() =>
      expect(bridge.inputsOf('lookup.ask')).toEqual([
        { hash: hashOf(0), sources: ['virustotal'], again: false },
        { hash: hashOf(0), sources: ['wildfire'], again: true },
      ]),
    );
    fireEvent.click(pane.getByRole('button', { name: 'Open its page: VirusTotal, in the browser' }));
    await waitFor(() => expect(bridge.inputsOf('lookup.openPage')).toHaveLength(1));
  });

  it('gives a score in the words of its source, but only for the very answer they are about', async () => {
    const shown = item('virustotal', 'malicious', { score: 41, rawCode: 'm=41 s=0 u=31 h=0' });
    const other = item('virustotal', 'malicious', { score: 6, rawCode: 'm=6 s=0 u=66 h=0' });
    const { pane } = await openDetail({
      'intake.detail': ({ entry }) => detail(entry, { items: [shown, other] }),
      'lookup.find': () => found(malicious(0)),
    });
    expect(await pane.findByText(/^41 of 72 engines · code m=41 s=0 u=31 h=0/)).toBeDefined();
    expect(pane.getByText(/^score 6 · code m=6 s=0 u=66 h=0/)).toBeDefined();
  });

  it('names sources that were never asked, and why one cannot be', async () => {
    const { pane } = await openDetail({
      'intake.detail': ({ entry }) => detail(entry, { items: [] }),
      'lookup.find': () =>
        found(
          result(0, {
            sources: [
              source('wildfire'),
              source('virustotal', { price: null, cannotAsk: 'It is switched off.', enabled: false }),
            ],
          }),
        ),
    });
    expect((await pane.findByRole('button', { name: 'Ask WildFire: 1 request' })).textContent).toBe('Ask, 1 request');
    expect(pane.getByText('never asked')).toBeDefined();
    expect(pane.getByText('It is switched off.')).toBeDefined();
  });

  it('says why a source could not be asked, in its own words, and what is on its way', async () => {
    let present = found(result(0, { sources: [source('wildfire', { item: item('wildfire', 'unknown') })] }));
    const { bridge, pane } = await openDetail({
      'intake.detail': ({ entry }) =>
        detail(entry, {
          items: [item('wildfire', 'unknown', { noAnswer: 'could-not-ask', rawCode: 'WildFire takes no SHA-1.' })],
        }),
      'lookup.find': () => present,
    });
    expect(pane.getByText('could not be asked')).toBeDefined();
    expect(pane.getByText('WildFire takes no SHA-1.')).toBeDefined();
    present = found(result(0, { sources: [source('wildfire', { queued: 'on its way' })] }));
    act(() => bridge.push('changed', { kinds: ['queue'], intakeIds: [] }));
    expect(await pane.findByText('on its way')).toBeDefined();
  });

  it('does not say never asked of what waits: it may have been asked and refused', async () => {
    const { pane } = await openDetail({
      'intake.detail': ({ entry }) => detail(entry, { items: [] }),
      'lookup.find': () =>
        found(result(0, { sources: [source('wildfire', { queued: 'queued: WildFire refused the key.' })] })),
    });
    expect(await pane.findByText('queued: WildFire refused the key.')).toBeDefined();
    expect(pane.getByText('no answer yet')).toBeDefined();
    expect(pane.queryByText('never asked')).toBeNull();
  });
});
