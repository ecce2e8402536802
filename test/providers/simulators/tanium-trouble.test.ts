import { mkdtempSync, appendFileSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { PROXY_PAGE, type TaniumStep } from '#main/simulators/tanium/port.ts';
import {
  ask,
  closeAfterEach,
  dataOf,
  makeSource,
  openIoc,
  replace,
  ROOT,
  rootOf,
  PREFIX_4,
  rowsOf,
  started,
  token,
  upload,
} from './tanium-stage.ts';

closeAfterEach();

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));
const newFile = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'tanium-'));
  folders.push(folder);
  return join(folder, 'journal');
};

const A = 'A'.repeat(32);
const B = 'B'.repeat(32);
const contents = (simulator: Awaited<ReturnType<typeof started>>): readonly string[] =>
  simulator.control.terms().map((term) => term.content);

describe('answers that are lost', () => {
  it('leave behind what was done: create, replace, label, remove, deploy', async () => {
    const simulator = await started();
    const lost = async (work: () => Promise<unknown>): Promise<void> => {
      simulator.control.dropReplyAfterWrite();
      await expect(work()).rejects.toThrow('fetch failed');
    };
    await lost(() => upload(simulator, 1, openIoc(ROOT, [A])));
    await lost(() => replace(simulator, 1, openIoc(ROOT, [B])));
    expect(contents(simulator)).toEqual([B]);
    await lost(() => ask(simulator, 'POST', '/labels', { json: { name: 'one' } }));
    await lost(() => ask(simulator, 'PUT', '/intels/1/labels', { json: { id: 1 } }));
    expect(simulator.control.labelsOf(1)).toEqual(['one']);
    await lost(() => ask(simulator, 'DELETE', '/intels/?id=1'));
    await lost(() => ask(simulator, 'POST', '/intel/deploy'));
    expect(simulator.control.intels()).toEqual([]);
    expect(simulator.control.writes()).toMatchObject({
      created: 1,
      replaced: 1,
      removed: 1,
      labels: 2,
      deploys: 1,
      total: 6,
    });
    expect(simulator.log.map(({ status }) => status)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(simulator.log.map(({ about }) => about?.['did'])).toEqual([
      'intel 1 created',
      'intel 1 replaced',
      'label 1 (one) created',
      'label 1 put on intel 1',
      'intel 1 removed',
      'deployed as task 1',
    ]);
    expect(await ask(simulator, 'GET', '/intels')).toMatchObject({ status: 200 });
  });

  it('are those of writes, counted from the one that was named', async () => {
    const simulator = await started();
    simulator.control.dropReplyAfterWrite(2, 1);
    const ends: unknown[] = [];
    for (let n = 0; n < 5; n += 1) {
      await ask(simulator, 'GET', '/intels');
      const end = await upload(simulator, 1, openIoc(rootOf(n), [A])).catch(() => 'lost');
      ends.push(typeof end === 'string' ? end : end.status);
    }
    expect(ends).toEqual([200, 'lost', 'lost', 200, 200]);
    expect(simulator.control.intels()).toHaveLength(5);
  });

  it('are not those of refused writes', async () => {
    const simulator = await started();
    simulator.control.dropReplyAfterWrite();
    expect(await replace(simulator, 7, openIoc(ROOT, [A]))).toMatchObject({ status: 404 });
    await expect(upload(simulator, 1, openIoc(ROOT, [A]))).rejects.toThrow('fetch failed');
  });
});

describe('faults', () => {
  it('before a write do nothing, and a lost one does it', async () => {
    const simulator = await started();
    simulator.script([
      { kind: 'status', status: 500 },
      PROXY_PAGE,
      { kind: 'cut' },
      { kind: 'html' },
      { kind: 'lost' },
    ]);
    const seen: unknown[] = [];
    for (let n = 0; n < 5; n += 1) {
      const end = await upload(simulator, 1, openIoc(rootOf(n), [A])).catch(() => 'cut');
      seen.push([typeof end === 'string' ? end : end.status, simulator.control.intels().length]);
    }
    expect(seen).toEqual([
      [500, 0],
      [502, 0],
      ['cut', 0],
      [200, 0],
      ['cut', 1],
    ]);
    expect(simulator.control.intels()[0]?.intrinsicId).toBe(rootOf(4));
  });

  it('are drawn from the seed, some before and some after the write', async () => {
    const runs: unknown[] = [];
    for (let run = 0; run < 2; run += 1) {
      const simulator = await started({ faultShare: 0.3, seed: 5 });
      const ends: string[] = [];
      for (let n = 0; n < 80; n += 1) {
        const before = simulator.control.writes().created;
        const end = await upload(simulator, 1, openIoc(rootOf(n), [A])).catch(() => 'cut');
        const done = simulator.control.writes().created - before;
        ends.push(`${typeof end === 'string' ? end : `${end.status} ${end.type.split(';')[0] ?? ''}`} ${done}`);
      }
      runs.push(ends);
      expect(new Set(ends)).toEqual(
        new Set(['200 application/json 1', '200 text/html 0', '500 text/plain 0', '502 text/html 0', 'cut 0', 'cut 1']),
      );
    }
    expect(runs[0]).toEqual(runs[1]);
  });

  it('slow answers come late', async () => {
    const simulator = await started();
    simulator.control.slow(80);
    const begun = performance.now();
    await ask(simulator, 'GET', '/sources');
    expect(performance.now() - begun).toBeGreaterThanOrEqual(78);
    simulator.control.slow(5000);
    const url = `${simulator.url}/api/v2/session/current`;
    await expect(fetch(url, { signal: AbortSignal.timeout(50) })).rejects.toThrow(/timeout/);
  });

  it('a write whose client has gone is done all the same, unless told otherwise', async () => {
    for (const doneAlone of [true, false]) {
      const simulator = await started({ behaviour: { doneAlone } });
      const goneMs = AbortSignal.timeout(60);
      simulator.control.slow(150);
      const url = `${simulator.url}${PREFIX_4}/sources/1/intels`;
      const headers = { session: token, type: 'openioc' };
      const sent = fetch(url, { method: 'POST', headers, body: openIoc(ROOT, [A]), signal: goneMs });
      await expect(sent).rejects.toThrow(/timeout/);
      expect(simulator.control.intels()).toEqual([]);
      // Begins later and takes as long: when it is answered, the first one is past.
      await ask(simulator, 'GET', '/sources');
      expect([simulator.control.intels().length, simulator.control.writes().created]).toEqual(
        doneAlone ? [1, 1] : [0, 0],
      );
    }
  });

  it('a write is told of before and after it is done', async () => {
    const simulator = await started();
    const steps: (readonly [TaniumStep['when'], string, number])[] = [];
    simulator.control.onWrite(({ when, method }) => {
      steps.push([when, method, simulator.control.intels().length]);
    });
    await upload(simulator, 1, openIoc(ROOT, [A]));
    await ask(simulator, 'GET', '/intels');
    simulator.control.onWrite(null);
    await upload(simulator, 1, openIoc(rootOf(2), [A]));
    expect(steps).toEqual([
      ['before', 'POST', 0],
      ['after', 'POST', 1],
    ]);
  });
});

describe('somebody else', () => {
  it('changes, adds and removes documents without the log or the counts', async () => {
    const simulator = await started();
    const source = await makeSource(simulator);
    const made = dataOf(await upload(simulator, source, openIoc(ROOT, [A])));
    simulator.control.editIntel(1, openIoc(ROOT, [B]));
    const edited = dataOf(await ask(simulator, 'GET', '/intels/1'));
    expect([edited['id'], edited['md5'] === made['md5'], contents(simulator)]).toEqual([1, false, [B]]);
    expect(simulator.control.addIntel(source, openIoc(rootOf(9), [A]))).toMatchObject({ id: 2, sourceId: source });
    simulator.control.removeIntel(1);
    expect(rowsOf(await ask(simulator, 'GET', '/intels'))).toMatchObject([{ id: 2 }]);
    simulator.control.removeSource(source);
    expect(rowsOf(await ask(simulator, 'GET', '/intels'))).toEqual([]);
    expect(simulator.control.writes().total).toBe(2);
    expect(() => simulator.control.removeIntel(1)).toThrow('the simulator holds no 1');
  });
});

describe('a file', () => {
  it('carries everything over to the next process, but for sessions', async () => {
    const persist = newFile();
    const first = await started({ persist });
    const source = await makeSource(first);
    await upload(first, source, openIoc(ROOT, [A]));
    await upload(first, source, openIoc(rootOf(2), [B]));
    await ask(first, 'POST', '/labels', { json: { name: 'one' } });
    await ask(first, 'PUT', '/intels/1/labels', { json: { id: 1 } });
    await ask(first, 'DELETE', '/intels/?id=2');
    await ask(first, 'POST', '/intel/deploy');
    appendFileSync(persist, '{"kind":"intel","intel":{"id":3');
    const second = await started({ persist });
    expect(second.control.intels()).toEqual(first.control.intels());
    expect(second.control.terms()).toEqual(first.control.terms());
    expect(second.control.sources()).toEqual(first.control.sources());
    expect([second.control.labelsOf(1), second.control.deploys().length, second.control.isUndeployed()]).toEqual([
      ['one'],
      1,
      false,
    ]);
    expect(dataOf(await upload(second, source, openIoc(rootOf(3), [B])))['id']).toBe(3);
    const third = await started({ persist });
    expect(third.control.intels().map(({ id }) => id)).toEqual([1, 3]);
    expect(readFileSync(persist, 'utf8')).not.toMatch(/password|token/);
  });
});

describe('speed', () => {
  it('takes 300 packages of 500 values and says what they search for', async () => {
    const simulator = await started();
    const documents = Array.from({ length: 300 }, (_, n) =>
      openIoc(
        rootOf(n),
        Array.from({ length: 500 }, (_item, item) => (n * 500 + item).toString(16).padStart(32, '0')),
      ),
    );
    const begun = process.threadCpuUsage();
    for (const xml of documents) {
      await upload(simulator, 1, xml);
    }
    const terms = simulator.control.terms();
    const { user, system } = process.threadCpuUsage(begun);
    expect([terms.length, new Set(terms.map((term) => term.content)).size]).toEqual([150_000, 150_000]);
    // 1.3 to 1.6 s on two cores, client included; time of this thread, so that other work on the machine does not count.
    expect((user + system) / 1000).toBeLessThan(4000);
  });
});
