import { readFileSync } from 'node:fs';
import { sevenZip } from '#main/formats/containers/seven-zip/seven-zip.ts';
import { openAll, type Opened } from '../opened.ts';

const FOLDER = new URL('../../../../fixtures/archives/seven-zip/', import.meta.url);

/** An archive that 7-Zip made. */
export function fixture(name: string): Buffer {
  return readFileSync(new URL(name, FOLDER));
}

/** All that is in such an archive. */
export function open(name: string, passwords: readonly string[] = ['infected']): Promise<Opened> {
  return openAll(sevenZip, fixture(name), passwords);
}

/** A member that was read to its end. */
export function good(name: string, text: string): Opened['members'][number] {
  return { name, text, fault: null };
}

const LONG = Array.from({ length: 300 }, (_, index) => `line ${index + 1} of a longer text\n`).join('');

/** The files that were packed into most of the archives. */
export const FIRST = good('first.txt', 'first file\n');
export const LONG_FILE = good('long.txt', LONG);
export const INNER = [
  good('inner/list.txt', 'd41d8cd98f00b204e9800998ecf8427e\n'),
  good('inner/second.exe', 'MZ second file, a sample\n'),
  good('inner/ünïcode €.txt', 'u'),
];
export const NOTHING = good('inner/nothing.bin', '');
