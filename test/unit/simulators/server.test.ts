import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { Simulator, SimulatorOptions } from '#main/simulators/port.ts';
import { echo } from './echo-api.ts';

const open: Simulator[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((simulator) => simulator.close()));
});

async function started(options: Partial<SimulatorOptions> = {}): Promise<Simulator> {
  const simulator = await echo(options);
  open.push(simulator);
  return simulator;
}

const sha256 = (n: number): string => createHash('sha256').update(`file ${n}`).digest('hex');
const get = (simulator: Simulator, hash: string, key = 'k'): Promise<Response> =>
  fetch(`${simulator.url}/one/${hash}`, { headers: { 'x-key': key } });
const read = async (simulator: Simulator, hash: string): Promise<Record<string, unknown> | null> =>
  (await (await get(simulator, hash)).json()) as Record<string, unknown> | null;

describe('what it answers', () => {
  it('marks every answer as simulated and writes down what it saw', async () => {
    const simulator = await started({ now: () => 1000 });
    const answers = [
      await get(simulator, sha256(1)),
      await get(simulator, sha256(1), 'wrong'),
      await fetch(simulator.url),
    ];
    expect(answers.map((answer) => [answer.status, answer.headers.get('x-assay-simulated')])).toEqual([
      [200, '1'],
      [401, '1'],
      [404, '1'],
    ]);
    expect(simulator.log).toEqual([
      { at: 1000, method: 'GET', path: `/api/one/${sha256(1)}`, hashes: [sha256(1)], status: 200, billed: 1 },
      { at: 1000, method: 'GET', path: `/api/one/${sha256(1)}`, hashes: [], status: 401, billed: 0 },
      { at: 1000, method: 'GET', path: '/api', hashes: [], status: 404, billed: 0 },
    ]);
  });

  it('knows a file by each of its digests once it has answered for one', async () => {
    const simulator = await started();
    let found: Record<string, unknown> | null = null;
    for (let n = 0; found === null; n += 1) {
      found = await read(simulator, sha256(n).toUpperCase());
    }
    expect(await read(simulator, String(found['md5']))).toEqual(found);
    expect(await read(simulator, String(found['sha1']))).toEqual(found);
  });

  it('says what it was told instead of what it draws', async () => {
    const simulator = await started();
    simulator.know({ sha256: sha256(1), md5: 'A'.repeat(32), status: 'malicious' });
    simulator.know({ sha256: sha256(2), status: 'unknown' });
    expect(await read(simulator, 'a'.repeat(32))).toMatchObject({ sha256: sha256(1), status: 'malicious' });
    expect(await read(simulator, sha256(2))).toBeNull();
  });
});

describe('limits', () => {
  it('allows a number of calls in any sliding minute, by its own clock', async () => {
    let now = 0;
    const simulator = await started({ now: () => now, limits: { perMinute: 2, perDay: null, perMonth: null } });
    const statuses: number[] = [];
    for (const at of [0, 30_000, 59_999, 60_000, 60_001, 89_999, 90_000]) {
      now = at;
      statuses.push((await get(simulator, sha256(1))).status);
    }
    expect(statuses).toEqual([200, 200, 429, 200, 429, 429, 200]);
    expect(simulator.log.map((entry) => entry.billed)).toEqual([1, 1, 0, 1, 0, 0, 1]);
  });

  it('counts days and months in UTC', async () => {
    let now = Date.UTC(2026, 0, 30, 23, 59);
    const simulator = await started({ now: () => now, limits: { perMinute: null, perDay: 2, perMonth: 3 } });
    const ask = async (): Promise<unknown> => {
      const answer = await get(simulator, sha256(1));
      return answer.status === 429 ? answer.json() : answer.status;
    };
    expect([await ask(), await ask(), await ask()]).toEqual([
      200,
      200,
      { limit: 'day', resetsAt: Date.UTC(2026, 0, 31) },
    ]);
    now = Date.UTC(2026, 0, 31);
    expect([await ask(), await ask()]).toEqual([200, { limit: 'month', resetsAt: Date.UTC(2026, 1, 1) }]);
    now = Date.UTC(2026, 1, 1);
    expect(await ask()).toBe(200);
  });
});

describe('faults', () => {
  it('meets the next requests with what was scripted, in order', async () => {
    const simulator = await started();
    simulator.script([
      { kind: 'status', status: 503, headers: { 'retry-after': '7' }, body: 'down' },
      { kind: 'html' },
      { kind: 'false-gzip' },
      { kind: 'garbage' },
    ]);
    const down = await get(simulator, sha256(1));
    expect([down.status, down.headers.get('retry-after'), await down.text()]).toEqual([503, '7', 'down']);
    expect(await (await get(simulator, sha256(1))).text()).toContain('<!DOCTYPE html>');
    const gzip = await get(simulator, sha256(1));
    expect([gzip.status, gzip.headers.get('content-encoding')]).toEqual([200, 'gzip']);
    await expect(gzip.text()).rejects.toThrow(/terminated|decompress|header/i);
    await expect((await get(simulator, sha256(1))).json()).rejects.toThrow(/JSON/);
    expect((await get(simulator, sha256(1))).status).toBe(200);
  });

  it('cuts, stops half way, never ends and never answers', async () => {
    const simulator = await started();
    simulator.script([{ kind: 'cut' }, { kind: 'truncated' }, { kind: 'oversized' }, { kind: 'hang' }]);
    await expect(get(simulator, sha256(1))).rejects.toThrow('fetch failed');
    await expect((await get(simulator, sha256(1))).text()).rejects.toThrow('terminated');
    const endless = (await get(simulator, sha256(1))).body?.getReader();
    let bytes = 0;
    while (bytes < 20_000_000) {
      bytes += (await endless?.read())?.value?.length ?? 0;
    }
    await endless?.cancel();
    const url = `${simulator.url}/one/${sha256(1)}`;
    await expect(fetch(url, { headers: { 'x-key': 'k' }, signal: AbortSignal.timeout(150) })).rejects.toThrow(
      /timeout/,
    );
    expect(simulator.log.map((entry) => entry.status)).toEqual([0, 200, 200, 0]);
  });

  it('counts the call of a fault that comes after the request was taken, and none of a refusal', async () => {
    const simulator = await started({ limits: { perMinute: 2, perDay: null, perMonth: null } });
    simulator.script([{ kind: 'status', status: 500 }, { kind: 'status', status: 401 }, { kind: 'html' }]);
    const statuses = [];
    for (let n = 0; n < 4; n += 1) {
      statuses.push((await get(simulator, sha256(n))).status);
    }
    expect(statuses).toEqual([500, 401, 200, 429]);
    expect(simulator.log.map((entry) => entry.billed)).toEqual([1, 0, 1, 0]);
  });

  it('draws a share of faults from its seed', async () => {
    const statuses = async (seed: number): Promise<readonly number[]> => {
      const simulator = await started({ faultShare: 0.5, seed });
      for (let n = 0; n < 40; n += 1) {
        await get(simulator, sha256(n)).then(
          (answer) => answer.text(),
          () => null,
        );
      }
      return simulator.log.map((entry) => entry.status);
    };
    const first = await statuses(7);
    expect(await statuses(7)).toEqual(first);
    expect(await statuses(8)).not.toEqual(first);
    expect(new Set(first)).toEqual(new Set([0, 200, 500]));
  });
});

describe('lifetime', () => {
  it('lets answers on their way finish and cuts what hangs', async () => {
    const simulator = await started({ latencyMs: { least: 150, most: 150 } });
    const slow = get(simulator, sha256(1));
    await expect.poll(() => simulator.log.length).toBe(1);
    simulator.script([{ kind: 'hang' }]);
    const hanging = get(simulator, sha256(2)).then(
      () => 'answered',
      () => 'cut',
    );
    await expect.poll(() => simulator.log.length).toBe(2);
    await simulator.close();
    expect([(await slow).status, await hanging]).toEqual([200, 'cut']);
  });

  it('says when its port is taken', async () => {
    const simulator = await started();
    await expect(started({ port: Number(new URL(simulator.url).port) })).rejects.toThrow(/EADDRINUSE/);
  });
});
