import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { SyncJobView } from '#shared/contract/sync.ts';
import { defaultSyncJob, syncJobConfigSchema } from '#shared/settings/sync-job.ts';
import { SYNC_LABELS } from '#shared/settings/sync-labels.ts';
import { Fault, type Answers, type FakeBridge } from '../fake-bridge.ts';
import { button, openSync, told } from './open-sync.ts';
import { config, newJob, syncJob } from './sync-world.ts';

async function openSettings(job: SyncJobView, change: Answers = {}): Promise<FakeBridge> {
  const bridge = await openSync([job], change);
  fireEvent.click(await button(/^Parameters/));
  await screen.findByRole('form');
  return bridge;
}

const field = (name: keyof typeof SYNC_LABELS): HTMLInputElement =>
  screen.getByLabelText(new RegExp(`^${SYNC_LABELS[name]}( \\*)?$`), { selector: 'input, select, textarea' });
const type = (name: keyof typeof SYNC_LABELS, value: string): boolean =>
  fireEvent.change(field(name), { target: { value } });
const save = (): HTMLButtonElement => screen.getByRole('button', { name: 'Save' });

describe('the parameters of a job', () => {
  it('are all there, by the names messages use', async () => {
    await openSettings(syncJob({ config: config({ tql: 'rating >= 4' }) }));
    const form = screen.getByRole('form').textContent ?? '';
    const shown = Object.keys(syncJobConfigSchema.shape) as (keyof typeof SYNC_LABELS)[];
    // This one names itself at its tick.
    const own = new Set(['lastModifiedWithTql']);
    expect(shown.filter((name) => !own.has(name) && !form.includes(SYNC_LABELS[name]))).toEqual([]);
    expect(screen.getByRole('checkbox', { name: 'Applies to this TQL, too' })).toBeDefined();
  });

  it('are saved as a change of what differs, lists by line and empty numbers as none', async () => {
    const bridge = await openSettings(syncJob(), { 'sync.set': () => syncJob() });
    expect(save().disabled).toBe(true);
    type('includeTags', 'Emotet\n\n  "quoted", with comma \nEmotet');
    type('minConfidence', '');
    type('minRating', '3.5');
    fireEvent.click(screen.getByRole('checkbox', { name: 'Host' }));
    fireEvent.change(field('schedule'), { target: { value: 'daily' } });
    fireEvent.change(screen.getByLabelText('Time of day'), { target: { value: '06:30' } });
    fireEvent.click(save());
    await told('Settings of Emotet and QakBot saved.');
    expect(bridge.inputsOf('sync.set')).toEqual([
      {
        jobId: 3,
        change: {
          includeTags: ['Emotet', '"quoted", with comma'],
          minConfidence: null,
          minRating: 3.5,
          types: ['Host'],
          schedule: { kind: 'daily', at: '06:30' },
        },
      },
    ]);
  });

  it('with a fault are named and not saved', async () => {
    await openSettings(syncJob());
    type('minConfidence', '101');
    type('taniumUrl', 'http://tanium.example');
    type('sourceName', ' ');
    expect(screen.getByText('A whole number from 0 to 100, or empty for none.')).toBeDefined();
    expect(screen.getByText('https only; http is for addresses of this machine.')).toBeDefined();
    expect(field('taniumUrl').getAttribute('aria-invalid')).toBe('true');
    expect(screen.getByText('3 fields to correct before saving.')).toBeDefined();
    expect(save().disabled).toBe(true);
  });

  it('stay as typed when they are refused, and while another part is looked at', async () => {
    await openSettings(syncJob(), {
      'sync.set': () => new Fault('TQL cannot be sent: a string is not closed. Nothing was changed.'),
    });
    type('tql', 'summary = "x');
    fireEvent.click(save());
    expect((await screen.findByRole('alert')).textContent).toContain('TQL cannot be sent');
    fireEvent.click(await button('Overview'));
    fireEvent.click(await button('Parameters'));
    expect(field('tql').value).toBe('summary = "x');
    fireEvent.click(await button('Revert'));
    expect(field('tql').value).toBe('');
  });

  it('that a TQL replaces are disabled with the reason while there is one', async () => {
    await openSettings(syncJob());
    const replaced = [
      'owners',
      'includeTags',
      'excludeTags',
      'minThreatAssess',
      'minConfidence',
      'minRating',
      'maxFalsePositives',
    ] as const;
    expect(replaced.filter((name) => field(name).disabled)).toEqual([]);
    type('tql', 'rating >= 4');
    expect(replaced.filter((name) => !field(name).disabled)).toEqual([]);
    expect(screen.getByRole<HTMLInputElement>('checkbox', { name: 'File' }).disabled).toBe(true);
    expect(screen.getAllByText('Replaced by the TQL below while there is one.')).toHaveLength(8);
  });

  it('go back to defaults but for addresses and logins', async () => {
    const bridge = await openSettings(syncJob(), { 'sync.set': () => syncJob() });
    fireEvent.click(await button('Defaults'));
    fireEvent.click(save());
    await waitFor(() => expect(bridge.inputsOf('sync.set')).toHaveLength(1));
    const change = bridge.inputsOf('sync.set')[0]?.change ?? {};
    expect(Object.keys(change).toSorted()).toEqual([
      'excludeTags',
      'includeTags',
      'maxFalsePositives',
      'minConfidence',
      'minRating',
      'minThreatAssess',
      'owners',
    ]);
    expect(change.minRating).toBe(defaultSyncJob().minRating);
  });

  it('warn before Verify SSL Cert goes off, with an own CA in its stead', async () => {
    await openSettings(syncJob());
    fireEvent.click(screen.getByRole('checkbox', { name: 'Verify the certificate of Tanium' }));
    expect(screen.getByText(/whoever is in between can read the login/)).toBeDefined();
    expect(field('taniumCaFile').disabled).toBe(false);
  });
});

describe('the TQL of the fields', () => {
  it('follows them once typing pauses, and sends nothing', async () => {
    const bridge = await openSettings(syncJob(), {
      'sync.tql': ({ change }) => ({ tql: `confidence >= ${change.minConfidence ?? 50}`, problem: null }),
    });
    expect(await screen.findByText('confidence >= 50')).toBeDefined();
    type('minConfidence', '70');
    expect(await screen.findByText('confidence >= 70')).toBeDefined();
    type('minConfidence', 'seventy');
    expect(await screen.findByText('Fields with a fault are left out of it.')).toBeDefined();
    expect(bridge.inputsOf('sync.count')).toEqual([]);
  });

  it('is counted on request, with the fields as they are', async () => {
    const bridge = await openSettings(syncJob(), { 'sync.count': () => ({ count: 12_420 }) });
    type('minRating', '4');
    fireEvent.click(await button('How many match now'));
    expect(await screen.findByText('12,420 indicators match now, Last Modified left aside.')).toBeDefined();
    expect(bridge.inputsOf('sync.count')).toEqual([{ jobId: 3, change: { minRating: 4 } }]);
    type('minRating', '5');
    expect(await screen.findByText(/matched before the last change/)).toBeDefined();
  });

  it('says when it could not be counted', async () => {
    await openSettings(syncJob(), { 'sync.count': () => new Fault('ThreatConnect asked to wait (429).') });
    fireEvent.click(await button('How many match now'));
    expect((await screen.findByRole('alert')).textContent).toBe('ThreatConnect asked to wait (429).');
  });
});

describe('owners', () => {
  const owners = [
    { name: 'ACME Intel', type: 'Organization' },
    { name: 'Premium OSINT', type: 'Source' },
    { name: 'Common Community', type: 'Community' },
  ];

  it('are searched and ticked; names that are typed stay', async () => {
    await openSettings(syncJob({ config: config({ owners: ['ACME Intel', 'Gone Owner'] }) }), {
      'sync.owners': () => ({ owners }),
    });
    fireEvent.click(await button('Choose…'));
    const dialog = within(await screen.findByRole('dialog', { name: 'ThreatConnect Owners' }));
    expect((await dialog.findByRole<HTMLInputElement>('checkbox', { name: /^ACME Intel/ })).checked).toBe(true);
    fireEvent.change(dialog.getByLabelText('Search'), { target: { value: 'comm' } });
    expect(dialog.queryByRole('checkbox', { name: /^ACME/ })).toBeNull();
    fireEvent.click(dialog.getByRole('checkbox', { name: /^Common/ }));
    fireEvent.click(dialog.getByRole('button', { name: 'Use 3 owners' }));
    expect(field('owners').value).toBe('ACME Intel\nGone Owner\nCommon Community');
  });

  it('that could not be read are asked for again', async () => {
    let isDenied = true;
    await openSettings(syncJob(), {
      'sync.owners': () => (isDenied ? new Fault('ThreatConnect refused the login (401).') : { owners }),
    });
    fireEvent.click(await button('Choose…'));
    const dialog = within(await screen.findByRole('dialog'));
    expect((await dialog.findByRole('alert')).textContent).toContain('(401)');
    isDenied = false;
    fireEvent.click(dialog.getByRole('button', { name: 'Try again' }));
    expect(await dialog.findByRole('checkbox', { name: /^Premium OSINT/ })).toBeDefined();
  });
});

describe('secrets', () => {
  it('are called what they are, handed over once and never in the page', async () => {
    const bridge = await openSettings(newJob(), {
      'sync.setSecret': () => ({ place: 'keychain', setAt: 1, fault: null }),
    });
    fireEvent.click(await button('Set Api User Secret Key'));
    const dialog = within(await screen.findByRole('dialog', { name: 'Api User Secret Key of Fresh' }));
    const typed = dialog.getByLabelText<HTMLInputElement>('Api User Secret Key');
    expect(typed.type).toBe('password');
    fireEvent.change(typed, { target: { value: ' s3cret-value ' } });
    expect(document.documentElement.outerHTML).not.toContain('s3cret-value');
    fireEvent.click(dialog.getByRole('button', { name: 'Keep' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(bridge.inputsOf('sync.setSecret')).toEqual([{ jobId: 4, secret: 'threatconnect', value: 's3cret-value' }]);
    expect(document.documentElement.outerHTML).not.toContain('s3cret-value');
  });

  it('are replaced and removed, and follow how the job logs in', async () => {
    const job = syncJob({ config: config({ taniumAuth: 'token' }) });
    const bridge = await openSettings(job, { 'sync.removeSecret': () => ({ place: null, setAt: null, fault: null }) });
    expect(await button('Replace Tanium API Token')).toBeDefined();
    fireEvent.click(await button('Remove Tanium API Token'));
    fireEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Remove' }));
    await waitFor(() => expect(bridge.inputsOf('sync.removeSecret')).toEqual([{ jobId: 3, secret: 'tanium' }]));
    expect(screen.queryByLabelText(/^Tanium Username/)).toBeNull();
  });

  it('are tested with the kept settings, side by side, naming what is at fault', async () => {
    const bridge = await openSettings(syncJob(), {
      'sync.test': () => ({
        ok: false,
        at: 'tls',
        message: 'The certificate is not trusted.',
        billed: 0,
        httpStatus: null,
        elapsedMs: 80,
      }),
    });
    fireEvent.click(await button('Test Tanium'));
    const dialog = within(await screen.findByRole('dialog', { name: 'Connection to Tanium' }));
    expect(dialog.getByText('The certificate (TLS) is at fault.')).toBeDefined();
    expect(bridge.inputsOf('sync.test')).toEqual([{ jobId: 3, side: 'tanium' }]);
    fireEvent.click(dialog.getByRole('button', { name: 'Close' }));
    type('taniumUsername', 'other');
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Test Tanium' }).disabled).toBe(true);
  });
});
