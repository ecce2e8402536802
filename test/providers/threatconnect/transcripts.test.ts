import { afterEach, describe, expect, it } from 'vitest';
import type { RecordedExchange, ServiceResult } from '#main/net/service-fault.ts';
import type { IndicatorPage, ThreatConnect } from '#main/providers/indicator-port.ts';
import { defaultSyncJob, type SyncJobConfig } from '#shared/settings/sync-job.ts';
import { replay, transcriptsOf } from '../transcript.ts';
import { ACCESS_ID, clientOf, NEVER } from './stage.ts';

const SECRET = 'simulated-secret-key';

/** What a transcript asks. Without a token, requests are signed. */
type Asked = { readonly token?: string; readonly pageSize?: number } & (
  | { readonly call: 'page'; readonly tql: string; readonly next?: string }
  | { readonly call: 'count'; readonly tql: string }
  | { readonly call: 'owners' }
  | { readonly call: 'deleted'; readonly owners: readonly string[]; readonly since: number }
);

const undo: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) {
    await step();
  }
});

const transcripts = transcriptsOf('threatconnect');

it('there are enough of them', () => {
  expect(transcripts.length).toBeGreaterThanOrEqual(15);
});

describe.each(transcripts)('$name', ({ asked: asIs, request, response, readAs }) => {
  it('these bytes are sent, signed as they are, and the answer is read as stated', async () => {
    const asked = asIs as Asked;
    const server = await replay(response);
    undo.push(() => server.close());
    const exchanges: RecordedExchange[] = [];
    const threatConnect = clientOf(configOf(asked, server.origin), asked.token ?? SECRET, (exchange) =>
      exchanges.push(exchange),
    );
    undo.push(() => threatConnect.close());
    const read = await ask(threatConnect, asked);
    expect(read).toEqual(readAs);
    expect(server.requests).toHaveLength(1);
    const [sent] = server.requests;
    expect(sent?.start).toBe(request.start);
    expect(sent?.headers).toMatchObject(request.headers);
    expect(sent?.body).toBe(request.body);
    expect(exchanges).toHaveLength(1);
    expect(JSON.stringify([read, exchanges])).not.toContain(asked.token ?? SECRET);
  });
});

function configOf(asked: Asked, origin: string): SyncJobConfig {
  return {
    ...defaultSyncJob(),
    threatConnectUrl: origin,
    threatConnectAuth: asked.token === undefined ? 'hmac' : 'token',
    accessId: ACCESS_ID,
    ...(asked.pageSize === undefined ? {} : { pageSize: asked.pageSize }),
  };
}

async function ask(threatConnect: ThreatConnect, asked: Asked): Promise<unknown> {
  switch (asked.call) {
    case 'page':
      return stated('page', await threatConnect.page(asked.tql, asked.next ?? null, NEVER), withoutPlace);
    case 'count':
      return stated('count', await threatConnect.count(asked.tql, NEVER));
    case 'owners':
      return stated('owners', await threatConnect.owners(NEVER));
    default:
      return stated('deleted', await threatConnect.deleted(asked.owners, asked.since, NEVER));
  }
}

function stated<T>(what: string, result: ServiceResult<T>, as: (value: T) => unknown = (value) => value): unknown {
  if (result.ok) {
    return { [what]: as(result.value) };
  }
  const { kind, httpStatus, retryAfterMs, isPassing, message, sent } = result.fault;
  expect(sent).toBe(true);
  return { fault: { kind, httpStatus, retryAfterMs, isPassing, message } };
}

/** Where to go on from is the adapter's own. */
function withoutPlace({ rows, skipped, unreadable, unidentified, next }: IndicatorPage): unknown {
  const odd = {
    ...(unreadable.length > 0 ? { unreadable } : {}),
    ...(unidentified.length > 0 ? { unidentified } : {}),
  };
  return { skipped, hasNext: next !== null, rows, ...odd };
}
