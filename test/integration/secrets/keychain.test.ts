import { execFile, spawnSync } from 'node:child_process';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { why } from '#main/platform/secrets/keychain.ts';
import { cleanUp, dataFolder, failure, memoryKeychain, openSecrets } from './secrets-fixture.ts';

const run = promisify(execFile);
const CHILD = fileURLToPath(new URL('./keychain-child.ts', import.meta.url));

/** A Secret Service of its own can be started here: nothing of this machine's keychain is touched. */
const hasSecretService =
  process.platform === 'linux' &&
  ['dbus-run-session', 'dbus-send', 'gnome-keyring-daemon'].every(
    (program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined,
  );

afterEach(cleanUp);

describe('a keychain', () => {
  it('that no session offers is said in a few words', () => {
    const told = 'Platform failure: DBus error: Using X11 was disabled, set your DBUS_SESSION_BUS_ADDRESS instead';
    expect([why(told), why('It is locked.\nline 2')]).toEqual([
      'no desktop session (D-Bus) is running',
      'It is locked',
    ]);
  });

  it('keeps secrets by data directory, with when they were set', async () => {
    const keychain = memoryKeychain();
    const [one, two] = [dataFolder(), dataFolder()];
    const mine = openSecrets(one, 'keychain', { keychain }).secrets;
    const other = openSecrets(two, 'keychain', { keychain }).secrets;
    const told: string[] = [];
    const stop = mine.onChange((name) => told.push(name));
    await mine.set('virustotal', 'k1');
    await mine.set('wildfire-proxy', 'anna:pw');
    expect([await mine.get('virustotal'), await other.get('virustotal')]).toEqual(['k1', null]);
    expect(await mine.state('virustotal')).toEqual({ place: 'keychain', setAt: expect.any(Number), fault: null });
    await mine.remove('virustotal');
    stop();
    await mine.set('virustotal', 'k2');
    expect([await mine.get('virustotal'), told]).toEqual(['k2', ['virustotal', 'wildfire-proxy', 'virustotal']]);
    expect(await mine.store()).toMatchObject({ place: 'keychain', locked: false });
    expect([...keychain.entries.keys()].every((account) => /^[0-9a-f]{16}\/[a-z-]+$/.test(account))).toBe(true);
  });

  it('that fails is no missing key: the sentence is passed on', async () => {
    const keychain = memoryKeychain();
    const { secrets, place } = openSecrets(dataFolder(), 'file', { keychain });
    keychain.breakWith('The keychain is locked.');
    expect(await failure(secrets.choose('keychain'))).toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringMatching(/^The keychain is locked\..*ASSAY_[A-Z]+_KEY.*passphrase/),
    });
    expect(place()).toBe('file');
    keychain.breakWith(null);
    await secrets.choose('keychain');
    expect(place()).toBe('keychain');
    keychain.breakWith('The keychain is locked.');
    expect(await failure(secrets.get('virustotal'))).toEqual({
      code: 'UNREADABLE',
      message: 'The keychain is locked.',
    });
    expect(await secrets.state('virustotal')).toEqual({ place: null, setAt: null, fault: 'The keychain is locked.' });
    expect(await failure(secrets.set('sync-2-tanium', 'k3'))).toMatchObject({
      message: expect.stringMatching(/^The keychain is locked\..*, ASSAY_SYNC_2_TANIUM_KEY, .*--keep-in file/),
    });
    expect(await secrets.store()).toMatchObject({ place: 'none', message: expect.stringContaining('ASSAY_') });
  });

  it('holds at most what the smallest one does', async () => {
    const { secrets } = openSecrets(dataFolder(), 'keychain', { keychain: memoryKeychain() });
    await secrets.set('virustotal', 'k'.repeat(2_000));
    expect(await failure(secrets.set('virustotal', 'ü'.repeat(1_500)))).toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(await secrets.get('virustotal')).toBe('k'.repeat(2_000));
  });
});

describe('the environment', () => {
  it('goes before what is stored, and is changed nowhere else', async () => {
    const keychain = memoryKeychain();
    const folder = dataFolder();
    await openSecrets(folder, 'keychain', { keychain }).secrets.set('virustotal', 'stored');
    const env = { ASSAY_VIRUSTOTAL_KEY: 'given', ASSAY_WILDFIRE_KEY: 'bad\u0007' };
    const { secrets } = openSecrets(folder, 'keychain', { keychain, env });
    expect(await secrets.get('virustotal')).toBe('given');
    expect(await secrets.state('virustotal')).toEqual({ place: 'environment', setAt: null, fault: null });
    const refused = { code: 'CONFLICT', message: expect.stringContaining('ASSAY_VIRUSTOTAL_KEY') };
    expect(await failure(secrets.remove('virustotal'))).toMatchObject(refused);
    expect(await failure(secrets.set('virustotal', 'other'))).toMatchObject(refused);
    expect(await failure(secrets.get('wildfire'))).toMatchObject({ code: 'UNREADABLE' });
    expect(await secrets.state('wildfire')).toMatchObject({ fault: expect.stringContaining('ASSAY_WILDFIRE_KEY') });
    expect(await openSecrets(folder, 'keychain', { keychain }).secrets.get('virustotal')).toBe('stored');
  });
});

describe.skipIf(process.platform !== 'linux')('a machine without a Secret Service', () => {
  it('says so, with what can be used instead', async () => {
    const { secrets } = openSecrets(dataFolder(), 'keychain', { env: { PATH: process.env['PATH'] } });
    const store = await secrets.store();
    expect(store).toMatchObject({ place: 'none', locked: false });
    expect(store.message).toMatch(/Secret Service.*ASSAY_[A-Z]+_KEY.*passphrase/);
    expect(await failure(secrets.set('virustotal', 'k'))).toMatchObject({ code: 'UNREADABLE' });
  });

  it('does not wait for one that never answers, and ends', async () => {
    const path = join(dataFolder(), 'bus');
    const sockets: Socket[] = [];
    const server = createServer((socket) => sockets.push(socket));
    await new Promise<void>((resolve) => server.listen(path, resolve));
    const env = { ...process.env, DBUS_SESSION_BUS_ADDRESS: `unix:path=${path}` };
    const { stdout } = await run(process.execPath, [CHILD, 'stuck'], { env, timeout: 120_000 });
    for (const socket of sockets) {
      socket.destroy();
    }
    await new Promise((resolve) => server.close(resolve));
    expect(sockets.length).toBe(1);
    expect(JSON.parse(stdout)).toContain('did not answer');
  });
});

describe.skipIf(!hasSecretService)('a real Secret Service (needs dbus-run-session and gnome-keyring-daemon)', () => {
  it('keeps secrets for the next program', async () => {
    const home = dataFolder();
    const script = [
      'printf unlocked | gnome-keyring-daemon --foreground --unlock --components=secrets > /dev/null 2>&1 &',
      'daemon=$!',
      'bus="dbus-send --session --print-reply --dest=org.freedesktop.DBus /org/freedesktop/DBus"',
      'until $bus org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets | grep -q true; do sleep 0.05; done',
      '"$0" "$@"; code=$?',
      'kill $daemon; exit $code',
    ].join('\n');
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOME: home,
      XDG_DATA_HOME: join(home, 'data'),
      XDG_RUNTIME_DIR: home,
      XDG_CACHE_HOME: join(home, 'cache'),
    };
    const { stdout } = await run(
      'dbus-run-session',
      ['--', 'sh', '-c', script, process.execPath, CHILD, 'round-trip', dataFolder(), dataFolder()],
      { env, timeout: 60_000 },
    );
    expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toEqual({
      byThread: 'kept',
      place: 'keychain',
      found: true,
      statePlace: 'keychain',
      isDated: true,
      left: [null, 'of the other'],
    });
  });
});
