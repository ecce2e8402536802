import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnsOf, fit, pad, visible } from '#main/shells/terminal/output/plain-text.ts';
import { age, bytes, counted, duration } from '#main/shells/terminal/output/numbers.ts';
import { createProgressLine, progressText } from '#main/shells/terminal/output/progress-line.ts';
import { createOutput, PipeClosed } from '#main/shells/terminal/output/stream-output.ts';
import { tableLines } from '#main/shells/terminal/output/table.ts';

describe('text for a terminal', () => {
  it('never holds a control character, whatever came in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        // oxlint-disable-next-line no-control-regex -- this is what must not be there
        expect(visible(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      }),
    );
  });

  it('leaves other text as it is', () => {
    expect(visible('Überprüfung 検査 ■ a\\b')).toBe('Überprüfung 検査 ■ a\\b');
  });

  it.each([
    ['abc', 3],
    ['検査', 4],
    ['e\u0301', 1],
    ['■ x', 3],
  ])('counts the columns of %s', (text, columns) => {
    expect(columnsOf(text)).toBe(columns);
  });

  it('never takes more room than it has', () => {
    const cut = fc.constantFrom('end' as const, 'middle' as const, 'start' as const);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(40), cut, (text, width, where) => {
        expect(columnsOf(fit(visible(text), width, where))).toBeLessThanOrEqual(width);
      }),
    );
  });

  it('shortens at the end, in the middle, at the start', () => {
    expect([fit('abcdefgh', 5), fit('abcdefgh', 5, 'middle'), fit('abcdefgh', 5, 'start')]).toEqual([
      'abcd…',
      'ab…gh',
      '…efgh',
    ]);
    expect([pad('検', 4, 'left'), pad('1', 3, 'right')]).toEqual(['検  ', '  1']);
  });
});

describe('a table', () => {
  interface Pair {
    readonly a: string;
    readonly b: string;
  }
  it('keeps every line within its width as long as columns can give way', () => {
    const rows = fc.array(fc.record({ a: fc.string({ maxLength: 80 }), b: fc.string({ maxLength: 80 }) }));
    fc.assert(
      fc.property(rows, fc.integer({ min: 20, max: 90 }), (pairs, width) => {
        const lines = tableLines<Pair>(
          [
            { header: 'a', cell: (pair) => pair.a, least: 5 },
            { header: 'b', cell: (pair) => pair.b, least: 5 },
          ],
          pairs,
          width,
        );
        expect(lines).toHaveLength(pairs.length + 1);
        expect(Math.max(...lines.map((line) => columnsOf(line)))).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe('numbers', () => {
  it('read as words', () => {
    expect([
      counted(1, 'row'),
      counted(1907, 'row'),
      counted(2, 'hash', 'hashes'),
      bytes(999),
      bytes(65_000_000),
      age(59),
      age(7200),
      age(86_400 * 400),
      age(-5),
      duration(420),
      duration(125_000),
    ]).toEqual([
      '1 row',
      '1,907 rows',
      '2 hashes',
      '999 bytes',
      '65.0 MB',
      '59 s',
      '2 h',
      '1 y',
      '0 s',
      '0.4 s',
      '2 min 5 s',
    ]);
  });
});

describe('progress', () => {
  const step = { phase: 'reading', done: 50, total: 100, unit: 'rows' as const };

  it('shows share, amounts and the time left', () => {
    expect(progressText(step, 4000)).toBe(
      `reading  ${'█'.repeat(10)}${'░'.repeat(10)}  50 %  50 of 100 rows  4.0 s left`,
    );
    expect(progressText({ ...step, total: null }, 4000)).toBe('reading  50 rows');
  });

  it('redraws at most ten times a second, and leaves nothing behind', async () => {
    let now = 1000;
    const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
    let text = '';
    stream.setEncoding('utf8').on('data', (part: string) => (text += part));
    const line = createProgressLine(stream, true, () => now);
    for (let done = 0; done < 100; done += 1) {
      now += 10;
      line.show({ ...step, done });
    }
    line.clear();
    stream.end();
    await finished(stream);
    const drawn = text.split('\r').slice(1);
    expect(drawn.length).toBeLessThanOrEqual(12);
    expect(drawn.at(-1)).toBe('\u001b[K');
  });

  it('is silent on a pipe and when asked to be', () => {
    for (const [isTTY, wanted] of [
      [false, true],
      [true, false],
    ] as const) {
      const stream = Object.assign(new PassThrough(), { isTTY });
      const line = createProgressLine(stream, wanted, () => 0);
      line.show(step);
      line.clear();
      expect(stream.read()).toBeNull();
    }
  });
});

describe('output', () => {
  it('waits for a slow reader', async () => {
    const stream = new PassThrough({ highWaterMark: 4 });
    const output = createOutput(stream);
    let written = false;
    const writing = output.write('longer than four').then(() => (written = true));
    await Promise.resolve();
    expect(written).toBe(false);
    stream.resume();
    await writing;
    await output.flush();
  });

  it('tells a closed pipe from a full disk', async () => {
    const fail = async (code: string): Promise<unknown> => {
      const stream = new PassThrough();
      const output = createOutput(stream);
      stream.destroy(Object.assign(new Error(code), { code }));
      await new Promise((resolve) => stream.once('close', resolve));
      return output.write('x').catch((error: unknown) => error);
    };
    expect(await fail('EPIPE')).toBeInstanceOf(PipeClosed);
    expect(await fail('ENOSPC')).toMatchObject({
      code: 'NOT_WRITABLE',
      message: 'The output could not be written whole (the disk is full). Free some space or write it elsewhere.',
    });
  });
});
