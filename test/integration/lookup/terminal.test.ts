import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine } from '#main/engine.ts';
import { SIMULATED } from '#main/simulators/start.ts';
import type { Simulator } from '#main/simulators/port.ts';
import { digestOf } from '#test/bench/data.ts';
import { memorySecrets } from '../asking/memory-secrets.ts';
import { assay, ended, startAssay } from '../terminal/assay.ts';

const BAD = digestOf('simulated', 1);
const NOBODY = digestOf('simulated', 2);
const KEYS = {
  ASSAY_WILDFIRE_KEY: SIMULATED.wildfire.key,
  ASSAY_VIRUSTOTAL_KEY: SIMULATED.virustotal.key,
};

/** A source that nobody switched on. */
const OFF = { enabled: false, status: null, due: true, queued: null };

/** The real command against the real adapters and simulators. */
describe('assay lookup as a process', () => {
  let folder: string;
  let data: string;
  let simulators: { readonly wildfire: Simulator; readonly virustotal: Simulator };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'assay-lookup-'));
    data = join(folder, 'data');
    simulators = { wildfire: await simulate('wildfire'), virustotal: await simulate('virustotal') };
    for (const simulator of Object.values(simulators)) {
      simulator.know({ sha256: BAD, status: 'malicious' });
      simulator.know({ sha256: NOBODY, status: 'unknown' });
    }
    const engine = await createEngine({
      directory: data,
      threads: 'inline',
      shell: 'terminal',
      simulated: true,
      secrets: memorySecrets({ wildfire: SIMULATED.wildfire.key, virustotal: SIMULATED.virustotal.key }),
    });
    for (const source of ['wildfire', 'virustotal'] as const) {
      await engine.sources.set(source, { url: simulators[source].url, enabled: true, licenceAccepted: true });
    }
    await engine.dispose();
  });
  afterAll(async () => {
    await Promise.all(Object.values(simulators).map((simulator) => simulator.close()));
    rmSync(folder, { recursive: true, force: true });
  });

  function simulate(source: keyof typeof SIMULATED): Promise<Simulator> {
    return SIMULATED[source].create({
      port: 0,
      key: SIMULATED[source].key,
      limits: { perMinute: null, perDay: null, perMonth: null },
      latencyMs: { least: 5, most: 20 },
      faultShare: 0,
      seed: 1,
      now: () => Date.now(),
      minuteMs: 60_000,
      tls: null,
    });
  }
  const calls = (): number => simulators.wildfire.log.length + simulators.virustotal.log.length;
  const lookup = (...args: readonly string[]) => assay(['lookup', ...args, '--data', data], { env: KEYS });

  it('asks nobody without --ask', async () => {
    const { code, out } = await lookup(BAD, '--json');
    expect([code, calls()]).toEqual([0, 0]);
    expect(JSON.parse(out)).toMatchObject([{ hash: BAD, verdict: 'unknown', rule: 'never-asked', simulated: true }]);
  });

  it('asks the sources that are on, waits for them, and shows what they said', async () => {
    const { code, out, err } = await lookup(BAD, NOBODY, '--ask', '--yes', '--json');
    expect([code, err]).toEqual([0, expect.stringContaining('Asking costs at most: WildFire 2 requests')]);
    const [bad, nobody] = JSON.parse(out) as [Record<string, unknown>, Record<string, unknown>];
    expect(bad).toMatchObject({
      verdict: 'malicious',
      sources: [
        { source: 'wildfire', status: 'malicious', thresholdText: 'malware = malicious', queued: null, due: false },
        { source: 'recorded-future', ...OFF },
        { source: 'reversinglabs-a1000', ...OFF },
        { source: 'reversinglabs-titaniumcloud', ...OFF },
        { source: 'virustotal', status: 'malicious', thresholdText: 'at least 5 engines', queued: null, due: false },
      ],
    });
    expect(nobody).toMatchObject({
      verdict: 'unknown',
      rule: 'source-does-not-know',
      sources: [{ noAnswer: 'not-known' }, OFF, OFF, OFF, { noAnswer: 'not-known' }],
    });
    expect(simulators.virustotal.log.flatMap(({ hashes }) => hashes).sort()).toEqual([BAD, NOBODY].sort());
  });

  it('asks nothing that is answered, and again only when told to', async () => {
    const before = calls();
    const done = await lookup(BAD, '--ask', '--yes');
    expect([done.code, done.err, calls()]).toEqual([0, expect.stringContaining('Nothing was asked.'), before]);
    const again = await lookup(BAD, '--ask', '--yes', '--again', '--sources', 'virustotal');
    expect([again.code, calls()]).toEqual([0, before + 1]);
  });

  it('refuses to spend without a yes', async () => {
    const before = calls();
    const { code, err } = await lookup(digestOf('simulated', 3), '--ask');
    expect([code, err, calls()]).toEqual([2, expect.stringContaining('--yes'), before]);
  });

  it('stays open for another program: a line in, a line out, and nothing grows', async () => {
    const child = startAssay(['lookup', '--jsonl', '-', '--data', data], { env: KEYS });
    const end = ended(child);
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const ask = async (line: string): Promise<Record<string, unknown>> => {
      child.stdin.write(`${line}\n`);
      return JSON.parse(String((await lines.next()).value)) as Record<string, unknown>;
    };
    expect(await ask(BAD)).toMatchObject({ hash: BAD, verdict: 'malicious' });
    expect(await ask(`{"hash":"${NOBODY}","id":"b"}`)).toMatchObject({ hash: NOBODY, id: 'b', verdict: 'unknown' });
    expect(await ask('no hash')).toEqual({ hash: 'no hash', error: expect.stringContaining('no hash') });
    for (let number = 0; number < 400; number += 1) {
      await ask(digestOf('many', number));
    }
    const before = residentOf(child.pid ?? 0);
    for (let number = 0; number < 1_200; number += 1) {
      await ask(digestOf('many', number));
    }
    const grown = residentOf(child.pid ?? 0) - before;
    child.stdin.end();
    expect((await end).code).toBe(0);
    // Collecting garbage comes in steps of some megabytes; what leaked per line would show as more.
    expect(grown).toBeLessThan(40 * 1024);
  });
});

/** Resident memory of a process in KiB; 0 where the system does not tell. */
function residentOf(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
