import { expect, test } from 'vitest';
import { BOUNDS, Meter } from '#main/formats/containers/bounds.ts';
import type { ContainerFormat } from '#main/formats/containers/port.ts';
import { holdsDigest } from '#main/services/intake/reading/containers/holds-digest.ts';
import { watchCancel } from '#main/services/intake/reading/containers/watch-cancel.ts';
import { memorySource } from '../formats/containers/opened.ts';

const DIGEST = 'd41d8cd98f00b204e9800998ecf8427e';

/** A document of one text, given in pieces. */
function documentOf(pieces: readonly string[], before: (signal: AbortSignal) => Promise<void>): ContainerFormat {
  return {
    id: 'test',
    label: 'Test',
    async *open(_source, { signal }) {
      await before(signal);
      async function* content(): AsyncGenerator<Uint8Array> {
        yield* pieces.map((piece) => Buffer.from(piece));
      }
      yield { kind: 'member', name: 'text', as: 'text', size: null, content: content() };
    },
  };
}

const look = (pieces: readonly string[]): Promise<boolean> =>
  holdsDigest(
    documentOf(pieces, async () => undefined),
    memorySource(new Uint8Array(8)),
    {
      passwords: [],
      signal: new AbortController().signal,
    },
  );

test('a digest is found wherever the text is divided, and nothing longer is taken for one', async () => {
  for (let cut = 0; cut <= DIGEST.length; cut += 1) {
    expect(await look([`a ${DIGEST.slice(0, cut)}`, `${DIGEST.slice(cut)} b`])).toBe(true);
    expect(await look([`a ${DIGEST.slice(0, cut)}`, `${DIGEST.slice(cut)}0 b`])).toBe(false);
  }
  expect(await look([DIGEST])).toBe(true);
  expect(await look(['no digest', ' at all'])).toBe(false);
});

test('cancelled while a document is looked through, it holds no digest and nothing fails', async () => {
  let isCancelled = false;
  const watch = watchCancel({
    get isCancelled() {
      return isCancelled;
    },
  });
  const waiting = documentOf([DIGEST], (signal) => {
    isCancelled = true;
    return new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    });
  });
  const options = { passwords: [], signal: watch.signal };
  expect(await holdsDigest(waiting, memorySource(new Uint8Array(8)), options)).toBe(false);
  watch.dispose();
});

test('the text of documents that are looked through counts for the archive they lie in', async () => {
  const archive = new Meter(1_000, { ...BOUNDS, bytes: 100 });
  const options = { passwords: [], signal: new AbortController().signal };
  const text = documentOf(['sixty characters of text that hold no digest at all, not one'], async () => undefined);
  expect(await holdsDigest(text, memorySource(new Uint8Array(80)), options, archive)).toBe(false);
  expect(archive.reached).toBe(null);
  expect(await holdsDigest(text, memorySource(new Uint8Array(80)), options, archive)).toBe(false);
  expect(archive.reached).toMatch(/^it unpacks to more than/);
});
