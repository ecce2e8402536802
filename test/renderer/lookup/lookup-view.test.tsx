import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { Fault, type Answers } from '../fake-bridge.ts';
import { hashOf, verdict } from '../world.ts';
import { openWindow } from '../window.tsx';
import { found, item, malicious, result, source } from './lookup-world.ts';

const press = (key: string): void => void fireEvent.keyDown(document.body, { key });

/** Opens the view and looks a text up. */
async function look(text: string, change: Answers) {
  const bridge = await openWindow(change);
  press('2');
  const field = await screen.findByRole('textbox', { name: /Hashes, or any text/ });
  fireEvent.change(field, { target: { value: text } });
  fireEvent.keyDown(field, { key: 'Enter' });
  return bridge;
}

const known = (number: number): Promise<HTMLElement> =>
  screen.findByRole('region', { name: `What is known about ${hashOf(number)}` });
const rowOf = (page: HTMLElement, name: string): string[] =>
  within(within(page).getByRole('row', { name: new RegExp(`^${name}`) }))
    .getAllByRole('cell')
    .map((cell) => cell.textContent ?? '');

describe('the look-up view', () => {
  it('teaches before anything was looked up, and has a hash to try', async () => {
    const bridge = await openWindow({ 'lookup.find': () => found(result(1)) });
    press('2');
    expect(await screen.findByRole('heading', { name: 'What is known about a hash' })).toBeDefined();
    expect(document.activeElement).toBe(screen.getByRole('textbox', { name: /Hashes, or any text/ }));
    expect(bridge.inputsOf('lookup.find')).toEqual([]);
    fireEvent.click(screen.getByRole('button', { name: /EICAR/ }));
    await waitFor(() => expect(bridge.inputsOf('lookup.find')).toHaveLength(1));
  });

  it('shows the verdict, why, and every source side by side', async () => {
    await look(hashOf(1), { 'lookup.find': () => found(malicious(1)) });
    const page = await known(1);
    expect(within(page).getByText(/WildFire says malicious, 3 hours ago/)).toBeDefined();
    expect(rowOf(page, 'Status')).toEqual(['malicious', 'malicious']);
    expect(rowOf(page, 'Score')).toEqual(['verdict 1', '41 of 72 engines']);
    expect(rowOf(page, 'Threshold met')).toEqual(['malware = malicious', 'at least 5 engines']);
    expect(rowOf(page, 'Threat name')).toEqual(['–', 'trojan.emotet/autorun']);
    expect(rowOf(page, 'Due again')).toEqual([expect.stringMatching(/^in \d+ d$|^now$/), 'now']);
    expect(rowOf(page, 'Raw answer')).toEqual(['1', 'm=41 s=0 u=31 h=0']);
    expect(rowOf(page, 'Ask again')).toEqual(['1 request', '1 of 207 requests left']);
    expect(rowOf(page, "Source's page")).toEqual(['–', 'Open']);
    expect(within(page).getByText('stale')).toBeDefined();
  });

  it('says of a name that is only mentioned with the file what it is', async () => {
    const said = item('recorded-future', 'malicious', { threat: 'Emotet' });
    const sources = [source('recorded-future', { item: said })];
    await look(hashOf(1), { 'lookup.find': () => found(result(1, { sources })) });
    expect(rowOf(await known(1), 'Threat name')).toEqual(['related: Emotet']);
  });

  it('takes the keyboard once the answer is there, so that its keys work at once', async () => {
    const bridge = await look(hashOf(1), {
      'lookup.find': () => found(malicious(1)),
      'hashList.add': () => ({ changeId: 3, added: 1, updated: 0, removed: 0, unchanged: 0, problems: [] }),
      'hashList.undo': () => ({ changeId: 4, added: 0, updated: 0, removed: 1, unchanged: 0, problems: [] }),
    });
    const page = await known(1);
    await waitFor(() => expect(document.activeElement).toBe(page));
    fireEvent.keyDown(page, { key: 'g' });
    await waitFor(() =>
      expect(bridge.inputsOf('hashList.add')).toMatchObject([
        { groups: [{ sha256: hashOf(1) }], side: 'non-malicious' },
      ]),
    );
    fireEvent.click(await screen.findByRole('button', { name: 'Undo' }));
    await waitFor(() => expect(bridge.inputsOf('hashList.undo')).toEqual([{ changeId: 3 }]));
  });

  it('asks only sources that are due, for the price that stands on the button', async () => {
    const bridge = await look(hashOf(1), {
      'lookup.find': () => found(malicious(1)),
      'lookup.ask': () => ({ queued: 1, refused: [] }),
    });
    fireEvent.click(await screen.findByRole('button', { name: 'Ask due sources, 1 call' }));
    await waitFor(() =>
      expect(bridge.inputsOf('lookup.ask')).toEqual([{ hash: hashOf(1), sources: ['virustotal'], again: false }]),
    );
  });

  it('asks a source again although its answer is not due, when told to', async () => {
    const bridge = await look(hashOf(1), {
      'lookup.find': () => found(malicious(1)),
      'lookup.ask': () => ({ queued: 1, refused: [] }),
    });
    fireEvent.click(await screen.findByRole('button', { name: 'Ask WildFire again: 1 request' }));
    await waitFor(() =>
      expect(bridge.inputsOf('lookup.ask')).toEqual([{ hash: hashOf(1), sources: ['wildfire'], again: true }]),
    );
  });

  it('says why a source was not asked', async () => {
    await look(hashOf(1), {
      'lookup.find': () => found(result(1)),
      'lookup.ask': () => ({ queued: 1, refused: [{ source: 'wildfire', sentence: 'It takes no SHA-1.' }] }),
    });
    fireEvent.click(await screen.findByRole('button', { name: 'Ask due sources, 2 calls' }));
    const main = within(screen.getByRole('main'));
    expect(await main.findByText('1 call queued. WildFire was not asked. It takes no SHA-1.')).toBeDefined();
  });

  it('keeps the keyboard on the answer when the pressed button goes', async () => {
    let present = found(result(1));
    const bridge = await look(hashOf(1), { 'lookup.find': () => present });
    const page = await known(1);
    within(page)
      .getByRole('button', { name: /^Ask due sources/ })
      .focus();
    present = found(result(1, { sources: [source('wildfire', { queued: 'queued', due: false })] }));
    act(() => bridge.push('changed', { kinds: ['queue'], intakeIds: [] }));
    await waitFor(() => expect(within(page).queryByRole('button', { name: /^Ask/ })).toBeNull());
    expect(document.activeElement).toBe(page);
  });

  it('shows what a hash waits for, and its answer as soon as it is there', async () => {
    let present = result(1, {
      sources: [source('wildfire', { queued: 'on its way' }), source('virustotal', { queued: 'queued: 4 a minute' })],
    });
    const bridge = await look(hashOf(1), { 'lookup.find': () => found(present) });
    const page = await known(1);
    expect(rowOf(page, 'Status')).toEqual(['no answer yet', 'no answer yet']);
    expect(rowOf(page, 'Ask again')).toEqual(['on its way', 'queued: 4 a minute']);
    expect(within(page).queryByRole('button', { name: /Ask due/ })).toBeNull();
    present = malicious(1);
    act(() => bridge.push('changed', { kinds: ['items', 'queue'], intakeIds: [] }));
    await waitFor(() => expect(rowOf(page, 'Status')).toEqual(['malicious', 'malicious']));
  });

  it('keeps up with pushes that come faster than its answers, one question at a time', async () => {
    let isAsked = 0;
    let most = 0;
    let present = result(1);
    const bridge = await look(hashOf(1), {
      'lookup.find': async () => {
        isAsked += 1;
        most = Math.max(most, isAsked);
        const answer = found(present);
        await new Promise((resolve) => setTimeout(resolve, 60));
        isAsked -= 1;
        return answer;
      },
    });
    const page = await known(1);
    const pushing = setInterval(() => bridge.push('changed', { kinds: ['items'], intakeIds: [] }), 10);
    present = malicious(1);
    await waitFor(() => expect(rowOf(page, 'Status')).toEqual(['malicious', 'malicious']));
    clearInterval(pushing);
    expect(most).toBe(1);
  });

  it('says of each source why it cannot be asked, and offers no call', async () => {
    const cannotAsk = 'It is on the hash list. Listed hashes never leave this machine.';
    await look(hashOf(1), {
      'lookup.find': () =>
        found(
          result(1, {
            sources: [
              source('wildfire', { price: null, cannotAsk }),
              source('virustotal', { price: null, cannotAsk: 'It is switched off.', enabled: false }),
            ],
          }),
        ),
    });
    const page = await known(1);
    expect(rowOf(page, 'Ask again')).toEqual([cannotAsk, 'It is switched off.']);
    expect(rowOf(page, 'Status')).toEqual(['never asked', 'not enabled']);
    expect(rowOf(page, 'Due again')).toEqual(['–', '–']);
    expect(within(page).queryByRole('button', { name: /^Ask/ })).toBeNull();
  });

  it('never shows an error or a failed question as not known', async () => {
    await look(hashOf(1), {
      'lookup.find': () =>
        found(
          result(1, {
            sources: [
              source('wildfire', { item: item('wildfire', 'unknown', { noAnswer: 'not-known' }), due: false }),
              source('virustotal', { item: item('virustotal', 'unknown', { noAnswer: 'could-not-ask' }) }),
            ],
          }),
        ),
    });
    expect(rowOf(await known(1), 'Status')).toEqual(['unknowndoes not know it', 'unknowncould not be asked']);
  });

  it('shows a disagreement with how many disagree', async () => {
    await look(hashOf(1), {
      'lookup.find': () =>
        found(
          malicious(1, {
            verdict: { ...verdict('malicious'), flags: ['conflict'] },
            otherItems: [item('recorded-future', 'non-malicious')],
          }),
        ),
    });
    const page = await known(1);
    expect(within(page).getByText('1 of 3 sources disagrees')).toBeDefined();
    expect(rowOf(page, 'Status')).toEqual(['malicious', 'malicious', 'non-malicious']);
    expect(rowOf(page, 'Ask again')[2]).toBe('–');
  });

  it('opens the page of a source, and the lists a hash was seen in', async () => {
    const bridge = await look(hashOf(1), {
      'lookup.find': () => found(malicious(1)),
      'lookup.openPage': () => ({}),
    });
    fireEvent.click(await screen.findByRole('button', { name: /Open VirusTotal's page/ }));
    await waitFor(() =>
      expect(bridge.inputsOf('lookup.openPage')).toEqual([{ hash: hashOf(1), source: 'virustotal' }]),
    );
    const where = within(screen.getByRole('region', { name: 'Where seen' }));
    expect(where.getAllByRole('listitem').map((line) => line.textContent)).toEqual([
      expect.stringContaining('line 212'),
      expect.stringContaining('embargo'),
    ]);
    fireEvent.click(where.getByRole('button', { name: 'list.csv' }));
    expect(await screen.findByRole('grid', { name: 'Hashes of list.csv' })).toBeDefined();
  });

  it('keeps the raw answer folded until it is wanted', async () => {
    await look(hashOf(1), { 'lookup.find': () => found(malicious(1)) });
    const summary = await screen.findByText('Raw answer, WildFire');
    expect(summary.closest('details')?.open).toBe(false);
    expect(screen.getByRole('region', { name: 'Raw answer of WildFire' }).textContent).toContain(
      '"verdict": "malware"',
    );
  });

  it('shows several hashes to pick from', async () => {
    const text = `${hashOf(1)}\n${hashOf(2)}`;
    const bridge = await openWindow({
      'lookup.find': () => ({ ...found(malicious(1), result(2)), hashes: 130 }),
      'intake.startText': () => ({ intakeId: 7, jobId: 'job-1' }),
    });
    press('2');
    const field = await screen.findByRole('textbox', { name: /Hashes, or any text/ });
    fireEvent.paste(field, { clipboardData: { getData: () => text } });
    await known(1);
    const picks = within(screen.getByRole('navigation', { name: 'Hashes looked up' }));
    expect(picks.getByText(/128 further hashes left out/)).toBeDefined();
    press('j');
    press('j');
    fireEvent.click(document.activeElement as HTMLElement);
    await known(2);
    expect(picks.getAllByRole('button').map((pick) => pick.getAttribute('aria-current'))).toEqual([null, 'true']);
    fireEvent.click(screen.getByRole('button', { name: 'Keep as a list' }));
    await waitFor(() => expect(bridge.inputsOf('intake.startText')).toMatchObject([{ text }]));
  });

  it('says what in a text looked like a hash and why it is none', async () => {
    await look('12345678901234567890', {
      'lookup.find': () => ({
        ...found(),
        rejected: [{ text: '12345678901234567890', reason: '20 hex digits' }],
      }),
    });
    expect(await screen.findByRole('heading', { name: 'No hash in this text' })).toBeDefined();
    const rejected = screen.getByRole('list', { name: 'What is no hash' });
    expect(rejected.textContent).toBe('1234567890123456789020 hex digits');
  });

  it('says which known set is missing from the answer, and claims nothing about it', async () => {
    const problem = 'The known set Golden image was left out: its file is damaged. Import it again.';
    await look(hashOf(1), { 'lookup.find': () => ({ ...found(result(1)), problems: [problem] }) });
    const page = await known(1);
    expect(screen.getByText(problem)).toBeDefined();
    expect(within(page).getByText('Not on the hash list.')).toBeDefined();
    expect(within(page).queryByText(/in no known set/)).toBeNull();
  });

  it('names what it left out beside the hashes it found', async () => {
    const rejected = [
      { text: 'ab'.repeat(31), reason: '62 hex digits' },
      { text: 'cd'.repeat(31), reason: '62 hex digits' },
    ];
    await look(hashOf(1), { 'lookup.find': () => ({ ...found(result(1)), rejected }) });
    await known(1);
    expect(
      screen.getByText(/^Left out: (ab){31} is no hash \(62 hex digits\)\. So is 1 more word of the text\.$/),
    ).toBeDefined();
  });

  it('says what failed and keeps the text', async () => {
    await look(hashOf(1), { 'lookup.find': () => new Fault('The database is busy. Try again.') });
    expect((await screen.findByRole('alert')).textContent).toContain('The database is busy. Try again.');
    expect(screen.getByRole('textbox', { name: /Hashes, or any/ })).toHaveProperty('value', hashOf(1));
  });

  it('copies a digest of the file and says what ties it', async () => {
    const copied = vi.fn(() => Promise.resolve());
    vi.spyOn(navigator.clipboard, 'writeText').mockImplementation(copied);
    await look(hashOf(1), { 'lookup.find': () => found(malicious(1)) });
    const same = within(await screen.findByRole('region', { name: 'Same file' }));
    expect(same.getByText('said by a source')).toBeDefined();
    fireEvent.click(same.getByRole('button', { name: 'Copy MD5' }));
    expect(copied).toHaveBeenCalledWith('ab'.repeat(16));
  });

  it('tells when a pending answer is due', async () => {
    const nextScanAt = Math.floor(Date.now() / 1000) + 7 * 60 - 5;
    await look(hashOf(1), {
      'lookup.find': () =>
        found(
          result(1, {
            sources: [source('wildfire', { item: item('wildfire', 'pending', { nextScanAt }), due: false })],
          }),
        ),
    });
    expect(rowOf(await known(1), 'Due again')).toEqual(['in 7 min']);
  });
});

describe('ways into the look-up', () => {
  it.each([
    ['one hash', hashOf(3), 'Look up this hash'],
    ['two hashes', `${hashOf(3)} and ${hashOf(4)}`, 'Look up these 2 hashes'],
  ])('the field at the top looks %s up', async (_, text, label) => {
    const bridge = await openWindow({ 'lookup.find': () => found(result(3)) });
    fireEvent.keyDown(document.body, { key: 'k', ctrlKey: true });
    const field = await screen.findByRole('combobox');
    fireEvent.change(field, { target: { value: text } });
    expect(screen.getByRole('option', { name: new RegExp(label) })).toBeDefined();
    fireEvent.keyDown(field, { key: 'Enter' });
    await known(3);
    expect(bridge.inputsOf('lookup.find')).toEqual([{ text }]);
  });

  it('reads a text of more than 100 hashes as a list', async () => {
    const text = Array.from({ length: 101 }, (_, number) => hashOf(number)).join('\n');
    const bridge = await openWindow({ 'intake.startText': () => ({ intakeId: 7, jobId: 'job-1' }) });
    fireEvent.keyDown(document.body, { key: 'k', ctrlKey: true });
    fireEvent.paste(await screen.findByRole('combobox'), { clipboardData: { getData: () => text } });
    await waitFor(() => expect(bridge.inputsOf('intake.startText')).toMatchObject([{ text }]));
    expect(bridge.inputsOf('lookup.find')).toEqual([]);
  });

  it('looks up what is pasted while the view is open', async () => {
    const bridge = await openWindow({ 'lookup.find': () => found(result(3)) });
    press('2');
    await screen.findByRole('heading', { name: 'Look-up' });
    fireEvent.paste(document.body, { clipboardData: { getData: () => `seen ${hashOf(3)}\n` } });
    await waitFor(() => expect(bridge.inputsOf('lookup.find')).toEqual([{ text: `seen ${hashOf(3)}` }]));
  });
});
