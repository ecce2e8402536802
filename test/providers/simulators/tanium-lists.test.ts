import { describe, expect, it } from 'vitest';
import {
  ask,
  closeAfterEach,
  dataOf,
  makeSource,
  openIoc,
  PREFIX_3,
  rootOf,
  rowsOf,
  started,
  upload,
} from './tanium-stage.ts';

closeAfterEach();

const A = 'A'.repeat(32);
const idsOf = (rows: readonly Record<string, unknown>[]): readonly unknown[] => rows.map((row) => row['id']);

describe('sources', () => {
  it('are made by name, listed and removed with their documents', async () => {
    const simulator = await started();
    const id = await makeSource(simulator);
    await upload(simulator, id, openIoc(rootOf(1), [A]));
    expect(rowsOf(await ask(simulator, 'GET', '/sources?name=threatconnect&type=api-client'))).toMatchObject([
      {
        id,
        name: 'ThreatConnect',
        type: 'api-client',
        description: 'here',
        enabled: true,
        indicatorCount: 1,
        signalCount: 0,
      },
    ]);
    expect(rowsOf(await ask(simulator, 'GET', '/sources?name='))).toEqual([]);
    expect(rowsOf(await ask(simulator, 'GET', '/source-types')).map((row) => row['type'])).toContain('api-client');
    expect(await ask(simulator, 'DELETE', `/sources/${id}`)).toMatchObject({ status: 200 });
    expect(await ask(simulator, 'DELETE', `/sources/${id}`)).toMatchObject({ status: 404 });
    expect(simulator.control.intels()).toEqual([]);
  });

  it.each([
    ['no name', { type: 'api-client' }],
    ['a blank name', { type: 'api-client', name: ' ' }],
    ['no type', { name: 'x' }],
    ['a type of the server', { type: 'tanium-signals', name: 'x' }],
    ['a list', []],
  ])('are refused with %s', async (_what, json) => {
    const simulator = await started();
    expect(await ask(simulator, 'POST', '/sources', { json })).toMatchObject({ status: 400 });
    expect(await ask(simulator, 'POST', '/sources', { body: '{}' })).toMatchObject({ status: 400 });
    expect(simulator.control.sources()).toHaveLength(2);
  });

  it('of version 3 say that they scan at once', async () => {
    const simulator = await started({ api: '3' });
    const json = { type: 'api-client', name: 'x', canAutoQuickScan: true };
    const answer = await ask(simulator, 'POST', `${PREFIX_3}/sources`, { json });
    expect(answer.body).toMatchObject({ id: 3, canAutoQuickScan: true });
  });
});

describe('the list of documents', () => {
  const filled = async () => {
    const simulator = await started();
    const source = await makeSource(simulator);
    for (let n = 0; n < 120; n += 1) {
      await upload(simulator, n % 2 === 0 ? source : 1, openIoc(rootOf(n), [A], `package ${n}`));
    }
    return { simulator, source };
  };

  it('comes in pages of a hundred, five hundred at most, or whole', async () => {
    const { simulator } = await filled();
    const get = async (query: string) => idsOf(rowsOf(await ask(simulator, 'GET', `/intels${query}`)));
    expect(await get('')).toHaveLength(100);
    expect(await get('?limit=2&offset=3')).toEqual([4, 5]);
    expect(await get('?limit=100&offset=100')).toHaveLength(20);
    expect(await get('?limit=9999&offset=119')).toEqual([120]);
    expect(await get('?offset=120')).toEqual([]);
    expect(await get('?noLimit=true')).toHaveLength(120);
    expect(await get('?limit=2&sort=-name')).toEqual([100, 99]);
    expect(await get('?limit=2&sort=-revisionId')).toEqual([120, 119]);
    expect(await ask(simulator, 'GET', '/intels?limit=x')).toMatchObject({ status: 400 });
    simulator.control.behaviour.ignorePaging = true;
    expect(await get('?limit=2&offset=3')).toHaveLength(120);
  });

  it('is filtered by what is asked for, by source only where the server looks at that', async () => {
    const { simulator, source } = await filled();
    const get = async (query: string) => idsOf(rowsOf(await ask(simulator, 'GET', `/intels/?noLimit=true&${query}`)));
    expect(await get('name=PACKAGE%2011')).toEqual([12, 111, 112, 113, 114, 115, 116, 117, 118, 119, 120]);
    expect(await get('name=')).toEqual([]);
    expect(await get('type=stix')).toEqual([]);
    expect(await get(`sourceId=${source}`)).toHaveLength(60);
    simulator.control.behaviour.ignoreSourceFilter = true;
    expect(await get(`sourceId=${source}`)).toHaveLength(120);
  });

  it('leaves the documents themselves out, unless the server sends them', async () => {
    const simulator = await started();
    await upload(simulator, 1, openIoc(rootOf(1), [A]));
    const [row] = rowsOf(await ask(simulator, 'GET', '/intels'));
    expect(row).toMatchObject({ id: 1, intrinsicId: rootOf(1) });
    expect(Object.keys(row ?? {})).not.toContain('contents');
    simulator.control.behaviour.contentsInLists = true;
    expect(rowsOf(await ask(simulator, 'GET', '/intels'))).toMatchObject([{ contents: openIoc(rootOf(1), [A]) }]);
  });
});

describe('labels', () => {
  it('are made, put on documents, listed and taken off', async () => {
    const simulator = await started();
    await upload(simulator, 1, openIoc(rootOf(1), [A]));
    const label = dataOf(
      await ask(simulator, 'POST', '/labels', { json: { name: 'APT "1"', description: 'from tags' } }),
    );
    expect(label).toMatchObject({
      id: 1,
      name: 'APT "1"',
      description: 'from tags',
      indicatorCount: 0,
      signalCount: 0,
    });
    for (let n = 0; n < 2; n += 1) {
      const put = await ask(simulator, 'PUT', '/intels/1/labels', { json: { id: 1 } });
      expect(rowsOf(put)).toMatchObject([{ id: 1, indicatorCount: 1 }]);
    }
    expect(simulator.control.labelsOf(1)).toEqual(['APT "1"']);
    expect(rowsOf(await ask(simulator, 'GET', '/intels?labelId=1'))).toMatchObject([{ id: 1, labelIds: [1] }]);
    expect(rowsOf(await ask(simulator, 'GET', '/labels?noLimit=true'))).toMatchObject([{ id: 1 }]);
    expect(rowsOf(await ask(simulator, 'DELETE', '/intels/1/labels/1'))).toEqual([]);
    expect(simulator.control.labelsOf(1)).toEqual([]);
    expect(simulator.control.terms()).toHaveLength(1);
  });

  it('stay on a document that is replaced', async () => {
    const simulator = await started();
    await upload(simulator, 1, openIoc(rootOf(1), [A]));
    await ask(simulator, 'POST', '/labels', { json: { name: 'one' } });
    await ask(simulator, 'PUT', '/intels/1/labels', { json: { id: 1 } });
    const headers = { type: 'openioc' };
    await ask(simulator, 'PUT', '/intels/1', { headers, body: openIoc(rootOf(1), ['B'.repeat(32)]) });
    expect(simulator.control.labelsOf(1)).toEqual(['one']);
  });

  it('of one name in any case are refused, or kept side by side', async () => {
    const simulator = await started();
    const make = async (name: string) => (await ask(simulator, 'POST', '/labels', { json: { name } })).status;
    expect([await make('Malware'), await make('MALWARE'), await make('')]).toEqual([200, 400, 400]);
    simulator.control.behaviour.uniqueLabels = false;
    expect(await make('MALWARE')).toBe(200);
    expect(simulator.control.labels().map(({ name }) => name)).toEqual(['Malware', 'MALWARE']);
  });

  it('and documents that are not there are not found', async () => {
    const simulator = await started();
    await upload(simulator, 1, openIoc(rootOf(1), [A]));
    expect(await ask(simulator, 'PUT', '/intels/1/labels', { json: { id: 5 } })).toMatchObject({ status: 404 });
    expect(await ask(simulator, 'PUT', '/intels/2/labels', { json: { id: 5 } })).toMatchObject({ status: 404 });
    expect(await ask(simulator, 'DELETE', '/intels/1/labels/5')).toMatchObject({ status: 404 });
  });
});
