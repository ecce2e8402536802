import { fireEvent, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { openIntake } from '#renderer/app/store.ts';
import type { InputFileView } from '#shared/contract/intake.ts';
import { openWindow } from '../window.tsx';
import { accounting, input, intake } from '../world.ts';

const INSIDE = { name: 'a.zip › b.csv', inside: 'a.zip' } as const;
const ARCHIVE = { name: 'a.zip', format: 'zip', formatLabel: 'Zip archive' } as const;

async function openKept(inputs: readonly InputFileView[], change = {}): Promise<void> {
  await openWindow({ 'intake.get': () => ({ intake: intake(change), inputs: [...inputs] }) });
  openIntake(7);
  await screen.findByRole('grid');
}

describe('an archive that was opened', () => {
  it('is named in the head, and is the one original that is read again', async () => {
    await openKept([input(INSIDE), input(ARCHIVE)]);
    fireEvent.click(screen.getByRole('button', { name: 'Zip archive, 2 inputs' }));
    expect(await screen.findByText(/from the original input; this one is kept/)).toBeDefined();
  });

  it('is not named where another file was dropped with it', async () => {
    await openKept([input(INSIDE), input(ARCHIVE), input({ name: 'c.csv' })]);
    fireEvent.click(screen.getByRole('button', { name: '3 inputs' }));
    expect(await screen.findByText(/from all 2 original inputs/)).toBeDefined();
  });

  it('says how many records with a hash it kept, rejected ones left out, and asks once to read again where a password is missing', async () => {
    const change = {
      fault: '4 files in it could not be opened.',
      accounting: accounting({ records: 5, hashes: 1, duplicates: 0, withoutHash: 0, rejected: 4 }),
    };
    await openKept([input({ ...ARCHIVE, needsPassword: true })], change);
    expect(screen.getByText(/What could be read is kept: 1 record with a hash\./)).toBeDefined();
    expect(screen.getAllByRole('button', { name: 'Read again' })).toHaveLength(1);
  });

  it.each([
    ['one archive', '4 files in a.zip are', [4]],
    ['several', '5 files in 2 inputs are', [4, 1]],
  ])(
    'says once that a password is missing, and what is kept, where nothing else is the matter: %s',
    async (_, words, closed) => {
      const lockedArchive = (encrypted: number, place: number) =>
        input({
          ...ARCHIVE,
          name: place === 0 ? 'a.zip' : 'b.zip',
          needsPassword: true,
          encrypted,
          fault: `${encrypted} ${encrypted === 1 ? 'file' : 'files'} in it could not be opened with the passwords at hand.`,
        });
      const change = {
        fault: 'a.zip: 4 files in it could not be opened with the passwords at hand.',
        accounting: accounting({ records: 5, hashes: 1, duplicates: 0, withoutHash: 0, rejected: 4 }),
      };
      await openKept(closed.map(lockedArchive), change);
      const [notice, ...others] = screen
        .getAllByRole('status')
        .filter(({ textContent }) => /password/.test(textContent ?? ''));
      expect([notice?.querySelector('.noticetext')?.textContent, others]).toEqual([
        `${words} encrypted, and no password that was tried opens them. What could be read is kept: 1 record with a hash. Passwords are never written to disk. `,
        [],
      ]);
    },
  );
});
