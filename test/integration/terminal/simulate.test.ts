import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SOURCE_IDS } from '#shared/domain/source.ts';
import { assay, ended, startAssay, type Ended } from './assay.ts';

interface Opening {
  readonly simulators: readonly { readonly source: string; readonly url: string; readonly key: string }[];
  readonly services: readonly {
    readonly service: string;
    readonly url: string;
    readonly credentials: Readonly<Record<string, string>>;
  }[];
}

const hash = 'ab'.repeat(32);
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-simulate-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function started(args: readonly string[]): Promise<{
  readonly child: ChildProcessWithoutNullStreams;
  readonly end: Promise<Ended>;
  readonly opening: Opening;
}> {
  const child = startAssay(['simulate', '--format', 'jsonl', '--latency', '0', ...args]);
  const end = ended(child);
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { child, end, opening: JSON.parse(line) as Opening };
}

const of = (opening: Opening, source: string): { readonly url: string; readonly key: string } => {
  const found = opening.simulators.find((simulator) => simulator.source === source);
  if (found === undefined) {
    throw new Error(`no simulator of ${source}`);
  }
  return found;
};

describe('assay simulate', () => {
  it('answers for the sources, says what was asked, writes it down, and ends with its standard input', async () => {
    const log = join(folder, 'requests.jsonl');
    const { child, end, opening } = await started(['--attached', '--limits', 'virustotal=1/-/-', '--log', log]);
    const virustotal = of(opening, 'virustotal');
    const wildfire = of(opening, 'wildfire');
    const answers = [
      await fetch(`${virustotal.url}/files/${hash}`, { headers: { 'x-apikey': virustotal.key } }),
      await fetch(`${virustotal.url}/files/${hash}`, { headers: { 'x-apikey': virustotal.key } }),
      await fetch(`${wildfire.url}/get/verdict`, {
        method: 'POST',
        body: new URLSearchParams({ apikey: wildfire.key, hash }),
      }),
    ];
    await Promise.all(answers.map((answer) => answer.arrayBuffer()));
    expect(answers.map((answer) => answer.headers.get('x-assay-simulated'))).toEqual(['1', '1', '1']);
    expect(answers.map((answer) => answer.status).slice(1)).toEqual([429, 200]);
    child.stdin.end();
    const { code, out } = await end;
    const last = JSON.parse(out.trimEnd().split('\n').at(-1) ?? '') as unknown;
    expect({ code, last }).toEqual({
      code: 0,
      last: {
        at: expect.any(String) as string,
        asked: {
          virustotal: { requests: 2, hashes: 2, billed: 1, refused: 1 },
          wildfire: { requests: 1, hashes: 1, billed: 1, refused: 0 },
        },
      },
    });
    const logged = readFileSync(log, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(logged.map((request) => [request['source'], request['status']]).slice(1)).toEqual([
      ['virustotal', 429],
      ['wildfire', 200],
    ]);
    expect(logged.every((request) => JSON.stringify(request['hashes']) === JSON.stringify([hash]))).toBe(true);
  });

  it('says the same of a hash for the same seed', async () => {
    const statusesOf = async (seed: string): Promise<readonly string[]> => {
      const { child, end, opening } = await started(['--attached', '--limits', 'none', '--seed', seed]);
      const { url, key } = of(opening, 'wildfire');
      const file = Array.from({ length: 60 }, (_, n) => n.toString(16).padStart(64, '0')).join('\n');
      const form = new FormData();
      form.set('apikey', key);
      form.set('file', new Blob([file]), 'hashes.txt');
      const text = await (await fetch(`${url}/get/verdicts`, { method: 'POST', body: form })).text();
      child.stdin.end();
      await end;
      return [...text.matchAll(/<verdict>(-?\d+)</g)].map((found) => found[1] ?? '').sort();
    };
    const [first, again, other] = [await statusesOf('7'), await statusesOf('7'), await statusesOf('8')];
    expect(first).toHaveLength(60);
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  it('answers for a data directory until it ends, one process at a time', async () => {
    const data = join(folder, 'served');
    const { child, end, opening } = await started(['--for', data, '--limits', 'virustotal=2/9/-']);
    const shown = await assay(['--data', data, 'sources', 'show', 'virustotal']);
    expect(shown.out).toMatch(/enabled=true\nurl=http:.*\n[^]*callsPerMinute=2\ncallsPerDay=9\ncallsPerMonth=none\n/);
    expect(shown.out).toContain(`url=${of(opening, 'virustotal').url}\n`);
    const asked = await assay(['--data', data, 'lookup', '--ask', '--yes', '--json', hash]);
    expect([asked.code, asked.err.includes('simulated')]).toEqual([0, true]);
    const other = await assay(['simulate', '--for', data]);
    expect([other.code, other.err]).toEqual([1, expect.stringContaining('Another process runs the simulators of')]);
    child.kill('SIGINT');
    const { code, out } = await end;
    const last = JSON.parse(out.trimEnd().split('\n').at(-1) ?? '') as { readonly asked: object };
    expect([code, Object.keys(last.asked).sort()]).toEqual([0, [...SOURCE_IDS].sort()]);
  });

  it('answers for the services of threat sync, and writes no secret down', async () => {
    const log = join(folder, 'services.jsonl');
    const { child, end, opening } = await started(['--attached', '--indicators', '40', '--log', log]);
    const [threatConnect, tanium] = opening.services;
    const { token: apiToken = '', secretKey = '' } = threatConnect?.credentials ?? {};
    const { token: taniumToken = '', password = '' } = tanium?.credentials ?? {};
    const tql = 'indicatorActive = true or indicatorActive = false';
    const listed = await fetch(
      `${threatConnect?.url ?? ''}/api/v3/indicators?count=true&resultLimit=1&tql=${encodeURIComponent(tql)}`,
      { headers: { authorization: `TC-Token ${apiToken}` } },
    );
    const { count } = (await listed.json()) as { readonly count: number };
    const session = await fetch(`${tanium?.url ?? ''}/api/v2/session/current`, { headers: { session: taniumToken } });
    await session.arrayBuffer();
    // Some belong to an owner that may not be read.
    expect([listed.status, count > 30 && count < 40, session.status]).toEqual([200, true, 200]);
    child.stdin.end();
    const { out } = await end;
    const last = JSON.parse(out.trimEnd().split('\n').at(-1) ?? '') as { readonly asked: object };
    expect(last.asked).toMatchObject({ threatconnect: { requests: 1 }, tanium: { requests: 1 } });
    const text = readFileSync(log, 'utf8');
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toMatchObject([
      { service: 'threatconnect', path: '/api/v3/indicators', status: 200, about: { tql } },
      { service: 'tanium', path: '/api/v2/session/current', status: 200 },
    ]);
    expect([apiToken, secretKey, taniumToken, password].filter((secret) => text.includes(secret))).toEqual([]);
  });

  it('ends in order on Ctrl-C', async () => {
    const { child, end } = await started([]);
    child.kill('SIGINT');
    expect(await end).toMatchObject({ code: 0, signal: null });
  });

  it('says that a port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const port = String((server.address() as AddressInfo).port);
    const { code, err } = await assay(['simulate', '--wildfire-port', port]);
    server.close();
    expect({ code, err }).toEqual({
      code: 1,
      err: `assay: The port ${port} cannot be used: another program listens on it. Name another one, or 0 for a free one.\n`,
    });
  });

  it('says that the log cannot be written', async () => {
    const { code, err } = await assay(['simulate', '--log', join(folder, 'nowhere', 'log')]);
    expect(code).toBe(1);
    expect(err).toContain('cannot be written: ENOENT. Name another file.');
  });

  it.each([
    ['--latency', '800-50', 'span of milliseconds'],
    ['--faults', '1.5', 'share from 0 to 1'],
    ['--faults', '-1', 'share from 0 to 1'],
    ['--limits', 'mars=1/2/3', 'virustotal=4/500/15500'],
    ['--virustotal-port', '70000', 'port from 0 to 65535'],
    ['--seed', 'x', 'whole number'],
    ['--indicators', '200001', 'from 0 to 200000'],
    ['--tanium-port', '70000', 'port from 0 to 65535'],
  ])('refuses %s %s', async (option, value, why) => {
    const { code, err } = await assay(['simulate', `${option}=${value}`]);
    expect(code).toBe(2);
    expect(err).toContain(why);
  });
});
