import { describe, expect, test } from 'vitest';
import { pdf, pdfWithin } from '#main/formats/containers/pdf/pdf.ts';
import { PDF_LIMITS } from '#main/formats/containers/pdf/pdf-thread.ts';
import { openAll } from '../opened.ts';
import { draw, makePages } from './make-pdf.ts';

describe('what a document may cost', () => {
  test('a page that unpacks to more than may be held ends by itself', async () => {
    const bytes = makePages([draw('kept', 50, 50), Buffer.alloc(100_000_000, ' ')]);
    const { members } = await openAll(pdfWithin({ ...PDF_LIMITS, outsideMib: 64 }), bytes);
    expect(members[0]).toEqual({
      name: 'text',
      text: 'kept\n',
      fault: 'limit: it takes more than 64 MiB of memory to read, from page 2 on',
    });
  });

  test('a page that takes too long ends by itself', async () => {
    const slow = `BT /F 10 Tf ${'(aaaa) Tj '.repeat(8_000_000)} ET`;
    const bytes = makePages([draw('kept', 50, 50), slow]);
    const { members } = await openAll(pdfWithin({ ...PDF_LIMITS, stepMs: 2_500 }), bytes);
    expect(members[0]).toEqual({
      name: 'text',
      text: 'kept\n',
      fault: 'limit: one of its pages takes longer than 2.5 seconds to read, from page 2 on',
    });
  });

  test('a document that takes too long as a whole', async () => {
    const page = `BT /F 10 Tf ${'(aaaa) Tj '.repeat(3_000)} ET`;
    const bytes = makePages(Array.from({ length: 1_000 }, () => page));
    const { members, fault } = await openAll(pdfWithin({ ...PDF_LIMITS, totalMs: 1_500 }), bytes);
    // On a busy machine opening it may take as long.
    expect(members[0]?.fault ?? fault).toMatch(/^limit: it takes longer than 1\.5 seconds to read/);
  });

  test('cancelled while it reads, it ends with the reason', async () => {
    const stop = new AbortController();
    const bytes = makePages([`BT /F 10 Tf ${'(aaaa) Tj '.repeat(3_000_000)} ET`]);
    setTimeout(() => stop.abort(new Error('enough')), 300);
    await expect(openAll(pdf, bytes, [], stop.signal)).rejects.toThrow('enough');
  });
});
