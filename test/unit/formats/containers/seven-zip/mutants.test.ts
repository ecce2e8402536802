import { crc32 } from 'node:zlib';
import { expect, it } from 'vitest';
import { sevenZip } from '#main/formats/containers/seven-zip/seven-zip.ts';
import { openAll } from '../opened.ts';
import { archiveOf, emptyFiles, oneFile } from './hand-made.ts';

const TEXT = Buffer.from('some text');
const LISTS: readonly (() => Buffer)[] = [
  () => oneFile('a.txt', { id: '00' }, TEXT.length, TEXT.length, crc32(TEXT), 0x20),
  () => emptyFiles(['a', 'b/c', 'd']),
];

/** A linear congruential generator, so that a failing seed can be looked at. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return state % below;
  };
}

it.each(Array.from({ length: 16 }, (_, index) => index + 1))(
  'a list with changed bytes and a right checksum gives nothing wrong and no defect (seed %i)',
  async (seed) => {
    const random = randomOf(seed * 7_919);
    const list = LISTS[seed % LISTS.length]?.() ?? Buffer.alloc(0);
    for (let times = 0; times < 2; times += 1) {
      list[random(list.length)] = random(256);
    }
    const { members } = await openAll(sevenZip, archiveOf(list, TEXT));
    const good = members.filter((member) => member.fault === null && member.text !== '');
    expect(good.every((member) => member.text === TEXT.toString())).toBe(true);
  },
);
