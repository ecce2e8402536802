import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { WholeLines } from '#main/services/intake/reading/whole-lines.ts';

const text = (parts: readonly Uint8Array[]): string => Buffer.concat(parts).toString('latin1');

test('passes on everything in order, whole lines first, the rest at the end', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a\n]{0,6}$/), { maxLength: 12 }), (chunks) => {
      const lines = new WholeLines();
      let passed = '';
      let given = '';
      for (const chunk of chunks) {
        given += chunk;
        passed += text(lines.push(Buffer.from(chunk)));
        expect(passed).toBe(given.slice(0, given.lastIndexOf('\n') + 1));
      }
      expect(passed + text(lines.end())).toBe(given);
      expect(lines.end()).toEqual([]);
    }),
  );
});

test('what it holds back does not change when the chunk is used again', () => {
  const lines = new WholeLines();
  const chunk = Buffer.from('one\ntwo');
  expect(text(lines.push(chunk))).toBe('one\n');
  chunk.fill('x');
  expect(text(lines.push(Buffer.from(' more\n')))).toBe('two more\n');
});

test('a line longer than a MiB is passed on in pieces', () => {
  const lines = new WholeLines();
  const piece = Buffer.alloc(300_000, 'a');
  const passed = [1, 2, 3, 4].map(() => lines.push(piece).reduce((sum, part) => sum + part.length, 0));
  expect(passed).toEqual([0, 0, 0, 1_200_000]);
});
