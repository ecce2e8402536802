import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeDataDirectory, resolveDataDirectory } from '#main/platform/data-directory.ts';
import { type MountProbe, networkShareAt, parseMountCommand, parseProcMounts } from '#main/platform/network-share.ts';

const PROC = parseProcMounts(
  [
    '/dev/sda1 / ext4 rw 0 0',
    'server:/home /home/kim nfs4 rw 0 0',
    '/dev/sdb1 /home/kim/local ext4 rw 0 0',
    'kim@host:/ /mnt/my\\040share fuse.sshfs rw 0 0',
    '',
  ].join('\n'),
);
const MAC = parseMountCommand(
  [
    '/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)',
    '//kim@nas/team on /Volumes/team (smbfs, nodev, nosuid, mounted by kim)',
  ].join('\n'),
);

function probe(platform: NodeJS.Platform, mounts: MountProbe['mounts']): MountProbe {
  return { platform, mounts, realPath: (path) => path };
}

describe('the data directory', () => {
  test.each([
    ['linux', {}, '/home/kim/.local/share/assay'],
    ['linux', { XDG_DATA_HOME: '/data' }, '/data/assay'],
    ['linux', { XDG_DATA_HOME: 'relative' }, '/home/kim/.local/share/assay'],
    ['linux', { ASSAY_DATA: '/srv/assay', XDG_DATA_HOME: '/data' }, '/srv/assay'],
    ['linux', { ASSAY_DATA: '' }, '/home/kim/.local/share/assay'],
    ['darwin', {}, '/home/kim/Library/Application Support/Assay'],
  ] as const)('on %s with %j is %s', (platform, env, expected) => {
    expect(resolveDataDirectory(undefined, { platform, env, home: '/home/kim' })).toBe(expected);
  });

  test('on Windows is local, never roaming', () => {
    const facts = { platform: 'win32', home: 'C:\\Users\\kim' } as const;
    const env = { LOCALAPPDATA: 'D:\\Local', APPDATA: 'C:\\Roaming' };
    expect(resolveDataDirectory(undefined, { ...facts, env })).toBe('D:\\Local\\Assay');
    expect(resolveDataDirectory(undefined, { ...facts, env: {} })).toBe('C:\\Users\\kim\\AppData\\Local\\Assay');
  });

  test('the one asked for wins', () => {
    const facts = { platform: 'linux', env: { ASSAY_DATA: '/srv' }, home: '/home/kim' } as const;
    expect(resolveDataDirectory('/here', facts)).toBe('/here');
  });

  test('is made for its owner alone', () => {
    const root = mkdtempSync(join(tmpdir(), 'assay-test-'));
    onTestFinished(() => rmSync(root, { recursive: true }));
    const directory = join(root, 'a', 'b');
    makeDataDirectory(directory);
    expect(statSync(directory).mode & 0o777).toBe(process.platform === 'win32' ? 0o666 : 0o700);
  });

  test('on a network share is refused with the reason, and nothing is made', () => {
    expect(() =>
      makeDataDirectory(
        '/home/kim/assay',
        probe('linux', () => PROC),
      ),
    ).toThrow('The data directory /home/kim/assay lies on a network share (nfs4 at /home/kim)');
  });
});

describe('a network share', () => {
  test.each([
    ['linux', '/home/kim/x', 'nfs4 at /home/kim'],
    ['linux', '/home/kim/local/x', null],
    ['linux', '/home/kimberly', null],
    ['linux', '/mnt/my share/x', 'fuse.sshfs at /mnt/my share'],
    ['linux', '/', null],
    ['darwin', '/Volumes/team/assay', 'smbfs at /Volumes/team'],
    ['darwin', '/Volumes/other', null],
    ['win32', '\\\\nas\\team\\assay', '\\\\nas\\team\\assay'],
    ['win32', '\\\\?\\UNC\\nas\\team', '\\\\?\\UNC\\nas\\team'],
    ['win32', '\\\\?\\C:\\Users', null],
    ['win32', 'C:\\Users\\kim', null],
  ] as const)('on %s, %s: %s', (platform, path, expected) => {
    const mounts = platform === 'linux' ? PROC : MAC;
    expect(
      networkShareAt(
        path,
        probe(platform, () => mounts),
      ),
    ).toBe(expected);
  });
});

describe('a data directory that cannot be used', () => {
  test('is refused with the reason when a file is in the way', () => {
    const root = mkdtempSync(join(tmpdir(), 'assay-directory-'));
    onTestFinished(() => rmSync(root, { recursive: true, force: true }));
    const file = join(root, 'file');
    writeFileSync(file, '');
    expect(() => makeDataDirectory(file)).toThrow(`${file} cannot be used: it is a file, not a folder. Choose another`);
    expect(() => makeDataDirectory(join(file, 'below'))).toThrow(/cannot be used: .* Choose another folder/);
  });

  test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'is refused where it is there and not to be written (needs a user other than root)',
    () => {
      const directory = mkdtempSync(join(tmpdir(), 'assay-data-'));
      onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
      chmodSync(directory, 0o500);
      expect(() => makeDataDirectory(directory)).toThrow(
        `${directory} cannot be used: access is denied. Choose another`,
      );
    },
  );

  test.skipIf(process.platform !== 'linux')('is refused at once below a folder that takes none', () => {
    expect(() => makeDataDirectory('/proc/assay/data')).toThrow('cannot be used: it could not be made there.');
  });
});
