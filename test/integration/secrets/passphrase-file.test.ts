import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createPassphraseFile } from '#main/platform/secrets/passphrase-file.ts';
import { cleanUp, dataFolder, failure, openSecrets } from './secrets-fixture.ts';

const PASSPHRASE = 'correct horse battery';
const PLANTED = 'geheim-7f3a';

afterEach(cleanUp);

describe('a file locked with a passphrase', () => {
  it('keeps secrets for the next process, for its owner alone, and shows nothing of them', async () => {
    const folder = dataFolder();
    const first = openSecrets(folder, 'keychain');
    await first.secrets.choose('file', PASSPHRASE);
    expect(first.place()).toBe('file');
    await first.secrets.set('virustotal', `${PLANTED}\n`);
    expect(await first.secrets.get('virustotal')).toBe(PLANTED);
    expect(await first.secrets.state('virustotal')).toEqual({ place: 'file', setAt: expect.any(Number), fault: null });
    expect(await first.secrets.get('wildfire')).toBeNull();

    const path = join(folder, 'secrets.enc');
    const bytes = readFileSync(path).toString('latin1');
    expect(bytes).not.toMatch(/virustotal|geheim|correct/);
    expect(readdirSync(folder)).toEqual(['secrets.enc']);

    const second = openSecrets(folder, 'file').secrets;
    expect(await second.store()).toMatchObject({ place: 'file', locked: true });
    expect(await failure(second.get('virustotal'))).toMatchObject({ code: 'UNREADABLE' });
    expect(await second.state('virustotal')).toMatchObject({ place: null, fault: expect.stringContaining('locked') });
    expect(await failure(second.unlock('wrong passphrase'))).toMatchObject({ code: 'INVALID_ARGUMENT' });
    await second.unlock(PASSPHRASE);
    expect(await second.store()).toMatchObject({ place: 'file', locked: false });
    expect(await second.get('virustotal')).toBe(PLANTED);
  });

  it.skipIf(process.platform === 'win32')('can be read by its owner only', async () => {
    const folder = dataFolder();
    await openSecrets(folder).secrets.choose('file', PASSPHRASE);
    expect(statSync(join(folder, 'secrets.enc')).mode & 0o777).toBe(0o600);
  });

  it('costs 128 MiB and a third of a second to try a passphrase', async () => {
    const folder = dataFolder();
    await createPassphraseFile(folder).openOrMake(PASSPHRASE);
    expect([...readFileSync(join(folder, 'secrets.enc')).subarray(8, 12)]).toEqual([1, 17, 8, 1]);
  });

  it('sees what another process wrote, and keeps it', async () => {
    const folder = dataFolder();
    const one = openSecrets(folder, 'file').secrets;
    const other = openSecrets(folder, 'file', { env: { ASSAY_PASSPHRASE: PASSPHRASE } }).secrets;
    await one.choose('file', PASSPHRASE);
    await Promise.all([one.set('virustotal', 'a'), other.set('wildfire', 'b')]);
    expect([await one.get('wildfire'), await other.get('virustotal')]).toEqual(['b', 'a']);
    await other.remove('virustotal');
    expect([await one.get('virustotal'), await one.get('wildfire')]).toEqual([null, 'b']);
  });

  it('has another salt and nonce every time', async () => {
    const folder = dataFolder();
    const { secrets } = openSecrets(folder, 'file');
    await secrets.choose('file', PASSPHRASE);
    const written: string[] = [];
    for (const value of ['same', 'same']) {
      await secrets.set('virustotal', value);
      const bytes = readFileSync(join(folder, 'secrets.enc'));
      written.push(bytes.subarray(12, 28).toString('hex'), bytes.subarray(28, 40).toString('hex'));
    }
    expect(new Set(written).size).toBe(4);
  });

  it('is opened by ASSAY_PASSPHRASE, and says when that one is wrong', async () => {
    const folder = dataFolder();
    await openSecrets(folder).secrets.choose('file', PASSPHRASE);
    const right = openSecrets(folder, 'file', { env: { ASSAY_PASSPHRASE: PASSPHRASE } }).secrets;
    expect(await right.store()).toMatchObject({ locked: false });
    const wrong = openSecrets(folder, 'file', { env: { ASSAY_PASSPHRASE: 'not the passphrase' } }).secrets;
    expect(await wrong.store()).toMatchObject({ locked: true, message: expect.stringContaining('ASSAY_PASSPHRASE') });
    expect(await failure(wrong.get('virustotal'))).toMatchObject({ code: 'UNREADABLE' });
    await wrong.unlock(PASSPHRASE);
    expect(await wrong.get('virustotal')).toBeNull();
  });

  it('is made with a passphrase of 12 characters at least, and opened only by its own', async () => {
    const folder = dataFolder();
    const { secrets, place } = openSecrets(folder);
    expect(await failure(secrets.choose('file', 'too short'))).toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(await failure(secrets.choose('file'))).toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect([existsSync(join(folder, 'secrets.enc')), place()]).toEqual([false, 'keychain']);
    await secrets.choose('file', PASSPHRASE);
    const again = openSecrets(folder);
    expect(await failure(again.secrets.choose('file', 'another passphrase'))).toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    expect(again.place()).toBe('keychain');
    await again.secrets.choose('file', PASSPHRASE);
    expect(again.place()).toBe('file');
  });

  it('tells damage apart from a wrong passphrase', async () => {
    const folder = dataFolder();
    await openSecrets(folder).secrets.choose('file', PASSPHRASE);
    const path = join(folder, 'secrets.enc');
    const sound = readFileSync(path);
    const changed = (at: number): Buffer => {
      const copy = Buffer.from(sound);
      copy[at] = (copy[at] ?? 0) ^ 1;
      return copy;
    };
    const later = Buffer.from(sound);
    later[8] = 2;
    for (const [bytes, words] of [
      [changed(0), 'damaged'],
      [changed(9), 'damaged'],
      [changed(20), 'damaged'],
      [changed(45), 'damaged'],
      [changed(sound.length - 1), 'damaged'],
      [sound.subarray(0, sound.length - 5), 'damaged'],
      [Buffer.alloc(0), 'damaged'],
      [later, 'later version'],
    ] as const) {
      writeFileSync(path, bytes);
      const fault = await failure(openSecrets(folder, 'file').secrets.unlock(PASSPHRASE));
      expect(fault).toMatchObject({ code: 'UNREADABLE', message: expect.stringContaining(words) });
    }
  });

  it('says when it is not there, and is never made by the way', async () => {
    const folder = dataFolder();
    const { secrets } = openSecrets(folder, 'file');
    expect(await secrets.store()).toMatchObject({ place: 'file', message: expect.stringContaining('not there') });
    expect(await secrets.get('virustotal')).toBeNull();
    expect(await failure(secrets.set('virustotal', 'k'))).toMatchObject({ code: 'UNREADABLE' });
    expect(await failure(secrets.unlock(PASSPHRASE))).toMatchObject({ code: 'NOT_FOUND' });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is locked again when another process made it anew', async () => {
    const folder = dataFolder();
    const { secrets } = openSecrets(folder, 'file');
    await secrets.choose('file', PASSPHRASE);
    const elsewhere = dataFolder();
    await openSecrets(elsewhere).secrets.choose('file', 'another passphrase');
    writeFileSync(join(folder, 'secrets.enc'), readFileSync(join(elsewhere, 'secrets.enc')));
    expect(await failure(secrets.get('virustotal'))).toMatchObject({ code: 'UNREADABLE' });
    expect(await secrets.store()).toMatchObject({ locked: true });
  });

  it('outlives a writer that died', async () => {
    const folder = dataFolder();
    const { secrets } = openSecrets(folder, 'file');
    await secrets.choose('file', PASSPHRASE);
    const lock = join(folder, 'secrets.enc.lock');
    writeFileSync(lock, '');
    utimesSync(lock, 1, 1);
    await secrets.set('virustotal', 'k');
    expect([await secrets.get('virustotal'), existsSync(lock)]).toEqual(['k', false]);
  });
});
