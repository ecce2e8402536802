import { afterEach, describe, expect, it } from 'vitest';
import { connect, PREFIX, startServer, type Connected, type Handler, type Server } from './tanium-server.ts';

const never = new AbortController().signal;
const undo: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) {
    await step();
  }
});

async function started(handler: Handler): Promise<Connected & { readonly server: Server }> {
  const server = await startServer(handler);
  undo.push(() => server.close());
  const connected = connect(server.url);
  undo.push(() => connected.close());
  return { ...connected, server };
}

describe('lists', () => {
  it('of long rows are read in smaller pages', async () => {
    const rows = Array.from({ length: 60 }, (_, index) => ({
      id: index + 1,
      sourceId: 7,
      contents: 'x'.repeat(500_000),
    }));
    const { client, server } = await started(({ url }) => {
      const at = new URL(url, 'http://x').searchParams;
      const [offset, limit] = [Number(at.get('offset')), Number(at.get('limit'))];
      return url.includes('/intels') ? rows.slice(offset, offset + limit) : undefined;
    });
    const result = await client.intels(7, never);
    expect(result.ok && result.value.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
    expect(
      server.asked.filter(({ url }) => url.includes('/intels')).map(({ url }) => url.replace(/^.*&limit/, 'limit')),
    ).toEqual(['limit=100&offset=0', ...[0, 25, 50, 60].map((offset) => `limit=25&offset=${offset}`)]);
  });

  it('from a server with smaller pages than asked for are read to their end', async () => {
    const { client } = await started(({ url }) => {
      const offset = Number(new URL(url, 'http://x').searchParams.get('offset'));
      return url.includes('offset')
        ? Array.from({ length: 250 }, (_, id) => ({ id, name: `n${id}` })).slice(offset, offset + 40)
        : undefined;
    });
    expect(await client.findSource('n249', never)).toEqual({ ok: true, value: { id: 249 } });
  });

  it('of rows without ids are no empty lists', async () => {
    const { client } = await started(({ url }) =>
      url.includes('/labels') || url.includes('offset') ? [{ name: 'n' }] : undefined,
    );
    expect(await client.findSource('n', never)).toMatchObject({ ok: false, fault: { kind: 'answer' } });
  });

  it('without end are not read without end', async () => {
    const { client, server } = await started(({ url }) => {
      const offset = Number(new URL(url, 'http://x').searchParams.get('offset'));
      return url.includes('offset') ? [{ id: offset + 1, name: 'n' }] : undefined;
    });
    expect(await client.findSource('other', never)).toMatchObject({ ok: false, fault: { kind: 'answer' } });
    expect(server.count(`GET ${PREFIX}/sources?limit=500`)).toBe(2000);
  });

  it('of labels that come in round numbers are asked for to their end', async () => {
    const labels = Array.from({ length: 150 }, (_, index) => ({ id: index + 1, name: `l${index}` }));
    const { client } = await started(({ url }) => {
      const at = new URL(url, 'http://x').searchParams;
      const offset = Number(at.get('offset') ?? 0);
      return url.includes('/labels') ? labels.slice(offset, offset + 100) : undefined;
    });
    const result = await client.labels(never);
    expect(result.ok && result.value).toEqual(labels);
  });
});
