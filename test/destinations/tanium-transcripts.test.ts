import { afterEach, describe, expect, it } from 'vitest';
import { defaultSyncJob } from '#shared/settings/sync-job.ts';
import { createThreatResponse } from '#main/destinations/tanium/threat-response.ts';
import type { ThreatResponse } from '#main/destinations/tanium/port.ts';
import { createNetwork } from '#main/net/network.ts';
import type { RecordedExchange, ServiceFault } from '#main/net/service-fault.ts';
import type { Message } from '../providers/transcript.ts';
import { conversations, play, type Conversation } from './tanium-transcript.ts';

const PASSWORD = 'correct-horse/battery';
const TOKEN = 'token-5f0e2b7c9d4a4f8e';
/** Sunday, 22 November 2026, 09:00 UTC. */
const NOW = Date.UTC(2026, 10, 22, 9);
/** Headers that count: each has to be as the transcript has it, or absent as there. */
const COUNTED = ['session', 'type', 'accept', 'content-type', 'content-disposition', 'authorization', 'name'];

const undo: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) {
    await step();
  }
});

it('there are enough of them', () => {
  expect(conversations().length).toBeGreaterThanOrEqual(25);
});

describe.each(conversations())('$name', (conversation) => {
  it('is spoken as stated', async () => {
    const server = await play(conversation.exchanges.map(({ response }) => response));
    undo.push(() => server.close());
    const { host } = new URL(server.origin);
    const recorded: RecordedExchange[] = [];
    const results = await callsOf(conversation, host, recorded);

    expect(server.requests.map(counted)).toEqual(conversation.exchanges.map(({ request }) => counted(request)));
    expect(results.map((result) => shown(result, host))).toEqual(conversation.readAs.results);
    expect(recorded.map(({ label, httpStatus }) => `${label} ${httpStatus}`)).toEqual(conversation.readAs.recorded);
    const told = JSON.stringify([results.filter(isFault), recorded]);
    for (const secret of [PASSWORD, TOKEN, ...sessionsIn(conversation)]) {
      expect(told).not.toContain(secret);
    }
  });
});

async function callsOf(
  { asked }: Conversation,
  host: string,
  recorded: RecordedExchange[],
): Promise<readonly unknown[]> {
  const http = createNetwork({ isOffline: async () => false, directory: 'simulated' }, {}).client({
    verifyTls: true,
    caFile: null,
    proxy: { kind: 'none' },
    proxyCredentials: null,
    concurrency: 1,
  });
  undo.push(() => http.close());
  const config = { ...defaultSyncJob(), taniumUsername: 'assay', ...asked.config, taniumUrl: `http://${host}/` };
  const client = createThreatResponse({
    config,
    secret: config.taniumAuth === 'token' ? TOKEN : PASSWORD,
    http,
    onExchange: (exchange) => recorded.push(exchange),
    now: () => NOW,
  });
  const results: unknown[] = [];
  for (const [name, ...values] of asked.calls) {
    const call = client[name as keyof ThreatResponse] as (...values: unknown[]) => unknown;
    results.push(await call(...values, new AbortController().signal));
  }
  return results;
}

function counted({ start, headers, body }: Message): unknown {
  return { start, headers: Object.fromEntries(COUNTED.map((name) => [name, headers[name]])), body };
}

/** Results as transcripts write them down: the value alone, or what is told of a fault. */
function shown(result: unknown, host: string): unknown {
  if (result === undefined) {
    return null;
  }
  const { ok, ...rest } = result as { readonly ok: boolean };
  return JSON.parse(JSON.stringify(ok ? { value: null, ...rest } : rest).replaceAll(host, 'HOST')) as unknown;
}

function isFault(result: unknown): result is { readonly ok: false; readonly fault: ServiceFault } {
  return typeof result === 'object' && result !== null && 'fault' in result;
}

function sessionsIn({ exchanges }: Conversation): string[] {
  return exchanges.flatMap(({ response }) => /"session": ?"([^"]+)"/.exec(response.body)?.[1] ?? []);
}
