import { act, cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { SecretStoreView, SourceView } from '#shared/contract/sources.ts';
import { show } from '#renderer/app/store.ts';
import {
  KEYED,
  KEYLESS,
  outboundState,
  quota,
  recordedFuture,
  sourceConfig,
  virustotal,
  wildfire,
} from '../asking-world.ts';
import { Fault, type Answers, type FakeBridge } from '../fake-bridge.ts';
import { openWindow } from '../window.tsx';
import { bootstrap } from '../world.ts';

const KEYCHAIN: SecretStoreView = { place: 'keychain', locked: false, message: '' };

async function openPane(view: SourceView, change: Answers = {}, secretStore = KEYCHAIN): Promise<FakeBridge> {
  const bridge = await openWindow({
    'sources.list': () => ({ sources: [view], secretStore }),
    'outbound.state': () => outboundState(),
    ...change,
  });
  act(() => show('sources'));
  await screen.findByRole('complementary', { name: `Settings of ${view.label}` });
  return bridge;
}

const field = (name: string): HTMLElement => screen.getByLabelText(name);
const write = (name: string, value: string): void => {
  fireEvent.change(field(name), { target: { value } });
};
const save = (): HTMLElement => screen.getByRole('button', { name: 'Save' });

describe('the settings of a source', () => {
  it('are saved together, only what was changed', async () => {
    const bridge = await openPane(wildfire(), {
      'sources.set': ({ change }) => wildfire({ config: sourceConfig(change as Partial<SourceView['config']>) }),
    });
    expect(save()).toHaveProperty('disabled', true);
    write('URL', 'https://eu.wildfire.example');
    write('Calls a day', '');
    write('Timeout', '40');
    write('Recheck', '30');
    fireEvent.click(screen.getByLabelText('Verify certificates'));
    fireEvent.click(save());
    await waitFor(() =>
      expect(bridge.inputsOf('sources.set')).toEqual([
        {
          source: 'wildfire',
          change: {
            url: 'https://eu.wildfire.example',
            callsPerDay: null,
            timeoutSeconds: 40,
            recheckMinutes: 30,
            verifyTls: false,
          },
        },
      ]),
    );
    expect(await screen.findAllByText('Settings of WildFire saved.')).not.toHaveLength(0);
  });

  it.each([
    ['Per request', '501', 'A whole number from 1 to 500.'],
    ['Per request', '', 'A whole number from 1 to 500.'],
    ['Calls a minute', '1.5', 'A whole number from 1 to 1,000,000,000, or empty for no limit.'],
    ['Timeout', '0', 'A whole number from 1 to 600.'],
    ['Requests at a time', 'many', 'A whole number from 1 to 32.'],
    ['Recheck', '20000', 'A whole number from 1 to 10,080.'],
  ])('are checked as they are typed: %s %j', async (name, value, sentence) => {
    await openPane(wildfire());
    write(name, value);
    expect(screen.getByText(sentence)).toBeDefined();
    expect(field(name).getAttribute('aria-invalid')).toBe('true');
    expect(save()).toHaveProperty('disabled', true);
    fireEvent.click(screen.getByRole('button', { name: 'Revert' }));
    expect(screen.queryByText(sentence)).toBeNull();
  });

  it.each([
    ['ftp://x.example', 'https only; http is for addresses of this machine.'],
    ['http://wildfire.example', 'https only; http is for addresses of this machine.'],
    ['https://me:secret@x.example', 'Without login, query or fragment.'],
    ['https://x.example/?key=1', 'Without login, query or fragment.'],
    ['wildfire', 'An address that starts with https://.'],
  ])('take no other address than a plain one: %s', async (value, sentence) => {
    await openPane(wildfire());
    write('URL', 'own');
    write('Own address', value);
    expect(screen.getByText(sentence)).toBeDefined();
    expect(save()).toHaveProperty('disabled', true);
  });

  it('take an own address of this machine, and a proxy without a login in it', async () => {
    const bridge = await openPane(wildfire(), { 'sources.set': () => wildfire() });
    write('URL', 'own');
    write('Own address', 'http://127.0.0.1:8080');
    write('Proxy', 'manual');
    write('Address of the proxy', 'http://me:secret@proxy.example:3128');
    expect(screen.getByText(/The login does not go into the address/)).toBeDefined();
    write('Address of the proxy', 'http://proxy.example:3128');
    fireEvent.click(save());
    await waitFor(() =>
      expect(bridge.inputsOf('sources.set')).toMatchObject([
        {
          change: { url: 'http://127.0.0.1:8080', proxy: { kind: 'manual', url: 'http://proxy.example:3128' } },
        },
      ]),
    );
  });

  it('say what the source itself told, and that it holds', async () => {
    await openPane(wildfire({ quota: [quota('day', { limit: 1050, learned: 1050 })] }));
    write('Calls a day', '1200');
    expect(screen.getByText('The source told 1,050 a day. More than that is not sent.')).toBeDefined();
    expect(save()).toHaveProperty('disabled', false);
  });

  it('are kept unsaved while another source or view is shown', async () => {
    await openPane(wildfire(), {
      'sources.list': () => ({ sources: [wildfire(), virustotal()], secretStore: KEYCHAIN }),
    });
    write('Timeout', '40');
    fireEvent.click(screen.getByRole('button', { name: 'VirusTotal, show settings' }));
    expect(field('Timeout')).toHaveProperty('value', '20');
    act(() => show('settings'));
    act(() => show('sources'));
    expect(field('Timeout')).toHaveProperty('value', '40');
    fireEvent.click(screen.getByRole('button', { name: 'Revert' }));
    expect(field('Timeout')).toHaveProperty('value', '20');
  });

  it('stay in the fields when they are refused', async () => {
    await openPane(wildfire(), { 'sources.set': () => new Fault('The CA file cannot be read.') });
    write('Own CA, path of a PEM file', '/etc/none.pem');
    fireEvent.click(save());
    expect((await screen.findByRole('alert')).textContent).toBe('The CA file cannot be read.');
    expect(field('Own CA, path of a PEM file')).toHaveProperty('value', '/etc/none.pem');
  });

  it('can go back to Assay’s own defaults, which are saved like any change', async () => {
    const bridge = await openPane(wildfire(), { 'sources.set': () => wildfire() });
    fireEvent.click(screen.getByRole('button', { name: 'Defaults' }));
    fireEvent.click(save());
    await waitFor(() =>
      expect(bridge.inputsOf('sources.set')).toEqual([{ source: 'wildfire', change: { callsPerDay: 10_500 } }]),
    );
  });
});

describe('what only one source has to be told', () => {
  const named = (options: Record<string, string>): SourceView => {
    const base = wildfire();
    const defaults = { user: '', trust: 'all' };
    return wildfire({
      config: sourceConfig({ options }),
      facts: {
        ...base.facts,
        defaults: sourceConfig({ options: defaults }),
        options: [
          { name: 'user', label: 'User name', hint: 'The account whose password is the key.', choices: null },
          {
            name: 'trust',
            label: 'Trusted',
            hint: 'Whom to trust.',
            choices: [
              { value: 'all', label: 'Everybody' },
              { value: 'some', label: 'Some' },
            ],
          },
        ],
      },
    });
  };

  it('is a field or a choice with its hint, and only what was changed is saved', async () => {
    const bridge = await openPane(named({ user: 'u/old' }), { 'sources.set': () => named({ user: 'u/new' }) });
    expect([field('User name'), field('Trusted')].map((one) => (one as HTMLInputElement).value)).toEqual([
      'u/old',
      'all',
    ]);
    const hint = field('User name').getAttribute('aria-describedby') ?? '';
    expect(document.getElementById(hint)?.textContent).toBe('The account whose password is the key.');
    write('User name', ' u/new ');
    write('Trusted', 'some');
    write('Trusted', 'all');
    fireEvent.click(save());
    await waitFor(() =>
      expect(bridge.inputsOf('sources.set')).toEqual([{ source: 'wildfire', change: { options: { user: 'u/new' } } }]),
    );
  });

  it('goes back to the defaults where there is a choice; a text stays', async () => {
    await openPane(named({ user: 'u/old', trust: 'some' }));
    fireEvent.click(screen.getByRole('button', { name: 'Defaults' }));
    expect([field('User name'), field('Trusted')].map((one) => (one as HTMLInputElement).value)).toEqual([
      'u/old',
      'all',
    ]);
  });

  it('goes back to no address where there is none by default: the own one stays', async () => {
    const { facts } = wildfire();
    const config = sourceConfig({ url: 'https://a1000.example', callsPerDay: 7 });
    const own = wildfire({ config, facts: { ...facts, defaults: sourceConfig({ url: '' }) } });
    const bridge = await openPane(own, { 'sources.set': () => own });
    fireEvent.click(screen.getByRole('button', { name: 'Defaults' }));
    expect(field('Own address')).toHaveProperty('value', 'https://a1000.example');
    fireEvent.click(save());
    await waitFor(() =>
      expect(bridge.inputsOf('sources.set')).toEqual([
        { source: 'wildfire', change: { callsPerDay: sourceConfig().callsPerDay } },
      ]),
    );
  });

  it('waits for an address where there is none, and can be saved with one', async () => {
    const { facts } = wildfire();
    const bare = wildfire({
      config: sourceConfig({ url: '' }),
      facts: { ...facts, defaults: sourceConfig({ url: '' }) },
    });
    const bridge = await openPane(bare, { 'sources.set': () => bare });
    expect([field('URL'), field('Own address')].map((one) => (one as HTMLInputElement).value)).toEqual(['own', '']);
    write('Own address', 'https://a1000.example');
    fireEvent.click(save());
    await waitFor(() =>
      expect(bridge.inputsOf('sources.set')).toEqual([
        { source: 'wildfire', change: { url: 'https://a1000.example' } },
      ]),
    );
  });

  it('that does not fit is said below, and stays in the field', async () => {
    await openPane(named({ user: '' }), { 'sources.set': () => new Fault('WildFire: user must be a name.') });
    write('User name', 'a:b');
    fireEvent.click(save());
    expect((await screen.findByRole('alert')).textContent).toBe('WildFire: user must be a name.');
    expect(field('User name')).toHaveProperty('value', 'a:b');
  });
});

describe('asking again', () => {
  const withNew = (change: Partial<SourceView['config']> = {}): SourceView =>
    wildfire({
      config: sourceConfig({ newItemDays: 14, newItemHours: 24, ...change }),
      facts: { ...wildfire().facts, hasNewItems: true },
    });
  const DAYS = 'Maximum age of new items, days since the source first saw them';
  const HOURS = 'Rescan interval of new items, hours';

  it('is switched, and new items have an age and an interval', async () => {
    const bridge = await openPane(withNew(), { 'sources.set': () => withNew() });
    write(DAYS, '30');
    write(HOURS, '6');
    fireEvent.click(screen.getByLabelText('Ask again when an answer is due'));
    fireEvent.click(save());
    await waitFor(() =>
      expect(bridge.inputsOf('sources.set')).toEqual([
        { source: 'wildfire', change: { rescans: false, newItemDays: 30, newItemHours: 6 } },
      ]),
    );
  });

  it('offers no recheck where nothing is ever pending', async () => {
    await openPane(wildfire({ facts: { ...wildfire().facts, hasPending: false } }));
    expect(screen.queryByLabelText('Recheck')).toBeNull();
  });

  it('knows no new items where the days are empty', async () => {
    const bridge = await openPane(withNew(), { 'sources.set': () => withNew() });
    write(DAYS, '');
    expect(field(HOURS)).toHaveProperty('disabled', true);
    fireEvent.click(save());
    await waitFor(() =>
      expect(bridge.inputsOf('sources.set')).toEqual([{ source: 'wildfire', change: { newItemDays: null } }]),
    );
  });

  it.each([
    [DAYS, '3651', 'A whole number from 1 to 3,650, or empty for none.'],
    [HOURS, '0', 'A whole number from 1 to 8,760.'],
  ])('is checked as it is typed: %s %s', async (name, value, sentence) => {
    await openPane(withNew());
    write(name, value);
    expect(screen.getByText(sentence)).toBeDefined();
    expect(save()).toHaveProperty('disabled', true);
  });

  it('has no fields for new items where the source gives none a time, and none with a public key', async () => {
    await openPane(wildfire());
    expect(screen.queryByLabelText(DAYS)).toBeNull();
    cleanup();
    await openPane(virustotal());
    const box = screen.getByLabelText('Ask again when an answer is due');
    expect([box, screen.queryByText('With a public key no answer is renewed by itself.')]).toMatchObject([
      { disabled: true, checked: false },
      expect.anything(),
    ]);
  });
});

describe('a public key', () => {
  it('needs its licence note accepted, and is never asked automatically', async () => {
    const paid = virustotal({
      config: { ...virustotal().config, plan: 'paid', licenceAccepted: false, automatic: 'new' },
    });
    const bridge = await openPane(paid, { 'sources.set': () => virustotal() });
    write('Kind of key', 'public');
    expect(screen.getByText(/may not be used in commercial products/)).toBeDefined();
    expect(save()).toHaveProperty('disabled', true);
    expect(field('New hashes')).toHaveProperty('disabled', true);
    fireEvent.click(screen.getByLabelText('I read this note and accept it'));
    fireEvent.click(save());
    await waitFor(() =>
      expect(bridge.inputsOf('sources.set')).toEqual([
        { source: 'virustotal', change: { plan: 'public', licenceAccepted: true, automatic: 'off' } },
      ]),
    );
  });

  it('shows what automatic asking would cost a day', async () => {
    await openPane(wildfire({ automaticPerDay: 1240 }));
    expect(screen.getByText(/that is 1,240 hashes a day, at least 3 calls/)).toBeDefined();
  });

  it('keeps thresholds as settings, apart from the source’s own', async () => {
    const bridge = await openPane(virustotal(), {
      'settings.set': (change) => ({ ...bootstrap().settings, ...change }) as never,
    });
    const fields = ['malicious', 'suspicious'].map((what) => `Engines from which an answer counts as ${what}`);
    expect(fields.map((label) => screen.getByLabelText(label).getAttribute('placeholder'))).toEqual(['6', '2']);
    expect(screen.getByText(/^Empty: Assay’s own, 6 and 2\. Kept answers/)).toBeDefined();
    write('Engines from which an answer counts as malicious', '8');
    fireEvent.click(save());
    await waitFor(() =>
      expect(bridge.inputsOf('settings.set')).toEqual([{ virustotalThreshold: { malicious: 8, suspicious: null } }]),
    );
    expect(bridge.inputsOf('sources.set')).toEqual([]);
  });

  it('keeps thresholds of risk the same way, up to 99', async () => {
    const bridge = await openPane(recordedFuture(), {
      'settings.set': (change) => ({ ...bootstrap().settings, ...change }) as never,
    });
    const label = 'Risk from which an answer counts as suspicious';
    expect(field(label).getAttribute('placeholder')).toBe('25');
    write(label, '100');
    expect(save()).toHaveProperty('disabled', true);
    expect(screen.getByText('A whole number from 0 to 99, or empty for Assay’s own.')).toBeDefined();
    write(label, '5');
    fireEvent.click(save());
    await waitFor(() =>
      expect(bridge.inputsOf('settings.set')).toEqual([
        { recordedFutureThreshold: { malicious: null, suspicious: 5 } },
      ]),
    );
  });

  it('has no thresholds where the source’s own word decides', async () => {
    await openPane(wildfire());
    expect(screen.queryByLabelText(/from which an answer counts/)).toBeNull();
  });
});

describe('a key', () => {
  it('is written, never read, and the field is gone with the dialog', async () => {
    const bridge = await openPane(wildfire({ key: KEYLESS }), { 'sources.setKey': () => KEYED });
    write('Timeout', '40');
    fireEvent.click(screen.getByRole('button', { name: 'Add the key of WildFire' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Key of WildFire' }));
    expect(dialog.getByRole('button', { name: 'Keep' })).toHaveProperty('disabled', true);
    const input = dialog.getByLabelText('Key');
    // Not a form in the form of the settings: a browser would send that one away.
    expect(input.closest('form')?.parentElement?.closest('form')).toBeNull();
    expect([input.getAttribute('type'), input.getAttribute('autocomplete')]).toEqual(['password', 'off']);
    fireEvent.change(input, { target: { value: ' planted-secret\n' } });
    expect(document.documentElement.outerHTML).not.toContain('planted-secret');
    fireEvent.click(dialog.getByRole('button', { name: 'Keep' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(bridge.inputsOf('sources.set')).toEqual([]);
    expect(bridge.inputsOf('sources.setKey')).toEqual([{ source: 'wildfire', of: 'source', value: 'planted-secret' }]);
    expect(document.documentElement.outerHTML).not.toContain('planted-secret');
  });

  it('stays in the dialog when it could not be kept', async () => {
    await openPane(wildfire(), {
      'sources.setKey': () => new Fault('The keychain is locked. Unlock it, then keep the key.'),
    });
    fireEvent.click(screen.getByRole('button', { name: 'Replace the key of WildFire' }));
    const dialog = within(await screen.findByRole('dialog'));
    fireEvent.change(dialog.getByLabelText('Key'), { target: { value: 'k' } });
    fireEvent.click(dialog.getByRole('button', { name: 'Keep' }));
    expect((await dialog.findByRole('alert')).textContent).toContain('The keychain is locked.');
  });

  it('is removed after asking; one of the environment cannot be', async () => {
    const bridge = await openPane(wildfire({ proxyKey: { ...KEYED, place: 'environment' } }), {
      'sources.removeKey': () => KEYLESS,
    });
    expect(screen.getByText('from ASSAY_WILDFIRE_PROXY')).toBeDefined();
    expect(screen.queryByRole('button', { name: 'Remove the proxy login of WildFire' })).toBeNull();
    fireEvent.click(screen.getByRole('button', { name: 'Remove the key of WildFire' }));
    fireEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Remove' }));
    await waitFor(() => expect(bridge.inputsOf('sources.removeKey')).toEqual([{ source: 'wildfire', of: 'source' }]));
  });

  it('that could not be looked up says why', async () => {
    await openPane(wildfire({ key: { place: null, setAt: null, fault: 'The keychain did not answer within 5 s.' } }));
    expect(screen.getByText('The keychain did not answer within 5 s.')).toBeDefined();
  });
});

describe('the place of keys', () => {
  it('is unlocked with a passphrase', async () => {
    const locked: SecretStoreView = { place: 'file', locked: true, message: 'Unlock it to ask sources.' };
    const bridge = await openPane(
      wildfire(),
      { 'sources.unlockSecrets': () => new Fault('That passphrase is wrong.') },
      locked,
    );
    expect(screen.getByRole('button', { name: 'Replace the key of WildFire' })).toHaveProperty('disabled', true);
    fireEvent.click(await screen.findByRole('button', { name: 'Unlock…' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Unlock the keys' }));
    fireEvent.change(dialog.getByLabelText('Passphrase'), { target: { value: 'wrong horse' } });
    fireEvent.click(dialog.getByRole('button', { name: 'Unlock' }));
    expect((await dialog.findByRole('alert')).textContent).toBe('That passphrase is wrong.');
    expect(bridge.inputsOf('sources.unlockSecrets')).toEqual([{ passphrase: 'wrong horse' }]);
  });

  it('is chosen by a person: a file needs a passphrase of 12 characters, twice the same', async () => {
    const none: SecretStoreView = { place: 'none', locked: false, message: 'No Secret Service answers here.' };
    const bridge = await openPane(wildfire({ key: KEYLESS }), { 'sources.chooseSecretStore': () => KEYCHAIN }, none);
    expect(await screen.findByText('No Secret Service answers here.')).toBeDefined();
    fireEvent.click(screen.getByRole('button', { name: 'Choose a place…' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Where keys are kept' }));
    const keep = dialog.getByRole('button', { name: 'Keep keys there' });
    fireEvent.change(dialog.getByLabelText('Passphrase'), { target: { value: 'too short' } });
    expect(keep).toHaveProperty('disabled', true);
    fireEvent.change(dialog.getByLabelText('Passphrase'), { target: { value: 'long enough now' } });
    fireEvent.change(dialog.getByLabelText('The same again'), { target: { value: 'long enough no' } });
    expect(dialog.getByText('The two differ.')).toBeDefined();
    expect(keep).toHaveProperty('disabled', true);
    fireEvent.change(dialog.getByLabelText('The same again'), { target: { value: 'long enough now' } });
    fireEvent.click(keep);
    await waitFor(() =>
      expect(bridge.inputsOf('sources.chooseSecretStore')).toEqual([{ place: 'file', passphrase: 'long enough now' }]),
    );
  });
});

describe('the test of a connection', () => {
  it('names what is at fault', async () => {
    const bridge = await openPane(wildfire(), {
      'sources.test': () => ({
        ok: false,
        at: 'tls',
        message: 'The certificate is signed by an authority this machine does not know.',
        billed: 0,
        httpStatus: null,
        elapsedMs: 31,
      }),
    });
    fireEvent.click(screen.getByRole('button', { name: 'Test connection' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Connection to WildFire' }));
    expect(dialog.getByText('The certificate (TLS) is at fault.')).toBeDefined();
    expect(bridge.inputsOf('sources.test')).toEqual([{ source: 'wildfire' }]);
  });

  it('is of the kept settings, and needs a key', async () => {
    await openPane(wildfire());
    write('Timeout', '40');
    expect(screen.getByRole('button', { name: 'Test connection' })).toHaveProperty('disabled', true);
  });
});
