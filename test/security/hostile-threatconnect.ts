import { serveHttp } from '#test/integration/net/servers.ts';

/** Rows of the indicators' list, as anything that JSON can hold. */
export interface HostileThreatConnect {
  readonly url: string;
  /** Paths with their queries, in the order they came. */
  readonly heard: string[];
  rows: readonly unknown[];
  owners: readonly unknown[];
  /** Whether it takes conditions on ids. */
  takesIds: boolean;
  /** Put into the answers' top level, e.g. `next`. */
  beside: Readonly<Record<string, unknown>>;
}

/** A server that answers what it is told to, whatever it is asked: sorted by id, and never more than what follows the last id. */
export async function hostileThreatConnect(): Promise<HostileThreatConnect> {
  const heard: string[] = [];
  const server: HostileThreatConnect = {
    url: await serveHttp((request, response) => {
      const path = request.url ?? '';
      heard.push(path);
      const { pathname, searchParams } = new URL(path, 'http://127.0.0.1');
      if (!server.takesIds && /id > \d/.test(searchParams.get('tql') ?? '')) {
        response.writeHead(400).end('{"status":"Error","errCode":"0x2001","message":"no such keyword"}');
        return;
      }
      const isOwners = pathname.endsWith('/security/owners');
      const isList = pathname.endsWith('/indicators') && !/id > \d/.test(searchParams.get('tql') ?? '');
      const rows = searchParams.get('sorting') === 'id desc' ? server.rows.toReversed() : server.rows;
      const data = isOwners ? server.owners : isList ? rows.slice(0, Number(searchParams.get('resultLimit'))) : [];
      const beside = pathname.endsWith('/indicators') ? server.beside : {};
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ data, status: 'Success', count: data.length, ...beside }));
    }),
    heard,
    rows: [],
    owners: [{ id: 1, name: 'Example Corp', type: 'Organization' }],
    takesIds: true,
    beside: {},
  };
  return server;
}

let address = 0;

/** A row as documented, with whatever is to be wrong about it. */
export function row(id: unknown, change: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  address += 1;
  const ip = `8.8.${address >> 8}.${address & 255}`;
  return {
    id,
    type: 'Address',
    ownerName: 'Example Corp',
    dateAdded: '2026-01-01T00:00:00Z',
    lastModified: '2026-11-01T00:00:00Z',
    active: true,
    rating: 4,
    confidence: 90,
    summary: ip,
    ip,
    tags: { data: [] },
    ...change,
  };
}
