import { afterEach, expect, test } from 'vitest';
import type { HexDigest } from '#shared/domain/hash.ts';
import { digestOf } from '#test/bench/data.ts';
import { startEngine, type EngineUnderTest } from '../engine/engine-fixture.ts';

let under: EngineUnderTest;
afterEach(() => under.dispose());

const { signal } = new AbortController();
const MD5 = digestOf('file', 1).slice(0, 32) as HexDigest;
const SHA256 = digestOf('file', 1) as HexDigest;

async function know(lines: readonly object[]): Promise<void> {
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  async function* chunks(): AsyncIterable<Uint8Array> {
    yield Buffer.from(text);
  }
  await under.engine.cache.importItems(chunks(), () => undefined, signal);
}

async function keep(title: string, text: string): Promise<number> {
  const running = await under.engine.intakes.start(
    { title, door: 'paste', inputs: [{ kind: 'text', name: title, text }], reading: { as: 'list' } },
    () => undefined,
    signal,
  );
  return (await running.finished).id;
}

test.each(['inline', 'workers'] as const)('a hash is explained as a row of a list is, %s', async (threads) => {
  under = await startEngine({ threads });
  await know([
    { md5: MD5, sha256: SHA256, source: 'virustotal', status: 'malicious', scannedAt: '2026-11-20T03:04:05Z' },
  ]);
  const id = await keep('list', `${MD5}\n${digestOf('other', 1)}\n`);
  const { rows } = await under.engine.intakes.rows(
    id,
    { statuses: ['malicious'], flags: [], text: '', sort: 'position', descending: false, asOf: 0 },
    { offset: 0, limit: 10 },
  );
  const detail = await under.engine.intakes.detail(id, rows[0]?.entry ?? -1);
  const [known, unknown] = await under.engine.intakes.explain([
    { kind: 'md5', hash: MD5 },
    { kind: 'sha256', hash: digestOf('nobody', 1) as HexDigest },
  ]);
  expect(known).toMatchObject({
    hash: MD5,
    verdict: detail.verdict,
    why: detail.why,
    items: detail.items,
    aliases: detail.aliases,
  });
  expect(known?.itemFiles).toHaveLength(detail.items.length);
  expect([unknown?.verdict.rule, unknown?.items, unknown?.seenIn]).toEqual(['never-asked', [], []]);
});

test('what is remembered of kept intakes never hides a place, however often it is looked for', async () => {
  under = await startEngine();
  const other = digestOf('other', 7) as HexDigest;
  const ask = async (): Promise<unknown[][]> =>
    (
      await under.engine.intakes.explain([
        { kind: 'md5', hash: MD5 },
        { kind: 'sha256', hash: SHA256 },
        { kind: 'sha256', hash: other },
      ])
    ).map(({ seenIn }) => seenIn.map(({ title }) => title));
  const rows = Array.from({ length: 3_000 }, (_, n) => `${digestOf('row', n)}\n`).join('');
  await keep('md5 only', `${MD5}\n`);
  const gone = await keep('among many', `${rows}${SHA256}\n${digestOf('row', 9).slice(0, 32)}\n`);
  await keep('neither', rows);
  for (let turn = 0; turn < 4; turn += 1) {
    expect(await ask()).toEqual([['md5 only'], ['among many'], []]);
  }
  await keep('later', `${SHA256}\n${other}\n`);
  expect(await ask()).toEqual([['md5 only'], ['later', 'among many'], ['later']]);
  await under.engine.intakes.forget(gone);
  expect(await ask()).toEqual([['md5 only'], ['later'], ['later']]);
});

test('a hash is seen in every kept intake that holds it or its file under a certain other digest, newest first', async () => {
  under = await startEngine();
  await know([
    { md5: MD5, sha256: SHA256, source: 'virustotal', status: 'malicious', scannedAt: '2026-11-20T03:04:05Z' },
  ]);
  const first = await keep('first', `${MD5}\n`);
  await keep('elsewhere', `${digestOf('other', 1)}\n`);
  const last = await keep('last', `${digestOf('other', 2)}\n${SHA256}\n`);
  const [known] = await under.engine.intakes.explain([{ kind: 'md5', hash: MD5 }]);
  expect(known?.seenIn.map(({ intakeId, title, line }) => [intakeId, title, line])).toEqual([
    [last, 'last', 2],
    [first, 'first', 1],
  ]);
});
