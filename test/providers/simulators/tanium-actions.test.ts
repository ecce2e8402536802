import { describe, expect, it } from 'vitest';
import { parseXml } from '#main/simulators/tanium/document/xml.ts';
import { readOpenIoc } from '#main/simulators/tanium/document/openioc.ts';
import {
  ask,
  closeAfterEach,
  dataOf,
  NOW,
  openIoc,
  PREFIX_3,
  ROOT,
  rowsOf,
  started,
  upload,
  type Answer,
} from './tanium-stage.ts';

closeAfterEach();

const MD5 = 'a'.repeat(32);
const SHA256 = 'b'.repeat(64);

describe('quick-add', () => {
  const read = (answer: Answer) => readOpenIoc(parseXml(Buffer.from(answer.text)));
  const network = {
    exact: true,
    name: 'a <name>',
    type: 'Network Indicators',
    text: '192.0.2.1\n2001:db8::1\nevil.test\nevil.test',
  };

  it('writes a document for what it was given and keeps nothing', async () => {
    const simulator = await started();
    const answer = await ask(simulator, 'POST', '/intels/quick-add', { json: network });
    expect([answer.status, answer.type]).toEqual([200, 'application/xml; charset=utf-8']);
    const { name, terms } = read(answer);
    expect(name).toBe('a <name>');
    expect(terms.map(({ search, condition, content }) => [search, condition, content])).toEqual([
      ['PortItem/remoteIP', 'is', '192.0.2.1'],
      ['ProcessItem/PortList/PortItem/remoteIP', 'is', '192.0.2.1'],
      ['PortItem/remoteIP', 'is', '2001:db8::1'],
      ['ProcessItem/PortList/PortItem/remoteIP', 'is', '2001:db8::1'],
      ['Network/DNS', 'is', 'evil.test'],
    ]);
    const files = { exact: false, name: 'f', type: 'File Hashes', text: `${MD5}\n${SHA256}` };
    expect(read(await ask(simulator, 'POST', '/intels/quick-add', { json: files })).terms).toMatchObject([
      { search: 'FileItem/Md5sum', condition: 'contains', content: MD5 },
      { search: 'FileItem/Sha256sum', condition: 'contains', content: SHA256 },
    ]);
    expect(simulator.control.writes().total).toBe(0);
    expect(simulator.control.intels()).toEqual([]);
    expect(await upload(simulator, 1, answer.text)).toMatchObject({ body: { data: { isSchemaValid: true } } });
  });

  it('may come as JSON, with commas and under older names', async () => {
    const simulator = await started({ api: '3', behaviour: { quickAddSeparator: 'comma', quickAddAsJson: true } });
    const post = (json: unknown) => ask(simulator, 'POST', `${PREFIX_3}/intels/quick-add`, { json });
    const answer = await post({ exact: true, name: 'n', type: 'ip_or_host', text: 'a.test, 192.0.2.1' });
    expect(readOpenIoc(parseXml(Buffer.from(answer.body as string))).terms).toHaveLength(3);
    expect(await post(network)).toMatchObject({ status: 400, body: { text: 'type Network Indicators is not valid' } });
    simulator.control.behaviour.quickAddTypes = 'both';
    expect(await post({ ...network, text: 'a.test' })).toMatchObject({ status: 200 });
  });

  it.each([
    ['an older name', { type: 'ip_or_host' }],
    ['another kind', { type: 'File Hashes' }],
    ['no name', { name: '' }],
    ['no text', { text: '' }],
    ['commas', { text: '192.0.2.1,192.0.2.2' }],
    ['what is no address', { text: '256.0.0.1' }],
    ['what is no host', { text: 'a host' }],
  ])('is refused with %s', async (_what, change) => {
    const simulator = await started();
    const answer = await ask(simulator, 'POST', '/intels/quick-add', { json: { ...network, ...change } });
    expect(answer.status).toBe(400);
  });
});

describe('deployment', () => {
  it('gives a task and tells what was deployed', async () => {
    let now = NOW;
    const simulator = await started({ now: () => now, behaviour: { deployMs: 60_000 } });
    expect(simulator.control.isUndeployed()).toBe(false);
    await upload(simulator, 1, openIoc(ROOT, [MD5]));
    expect(simulator.control.isUndeployed()).toBe(true);
    expect(dataOf(await ask(simulator, 'POST', '/intel/deploy'))).toEqual({ taskId: 1 });
    expect(simulator.control.isUndeployed()).toBe(false);
    now += 59_999;
    expect(await ask(simulator, 'POST', '/intel/deploy')).toMatchObject({ status: 400 });
    now += 1;
    expect(dataOf(await ask(simulator, 'POST', '/intel/deploy'))).toEqual({ taskId: 2 });
    expect(dataOf(await ask(simulator, 'GET', '/intel/status'))).toEqual({
      createdAt: new Date(NOW).toISOString(),
      modifiedAt: new Date(now).toISOString(),
      currentRevision: 2,
      currentSize: 1,
    });
    expect(simulator.control.deploys().map(({ at, documents }) => [at - NOW, documents])).toEqual([
      [0, 1],
      [60_000, 1],
    ]);
  });

  it('fails when told', async () => {
    const simulator = await started({ behaviour: { deployFails: 400 } });
    expect(await ask(simulator, 'POST', '/intel/deploy')).toMatchObject({ status: 400, body: { text: /./ } });
    expect(simulator.control.deploys()).toEqual([]);
  });
});

describe('scans', () => {
  it('are asked for in the way of each version', async () => {
    const [four, three] = [await started(), await started({ api: '3' })];
    await upload(four, 1, openIoc(ROOT, [MD5]));
    three.control.addIntel(1, openIoc(ROOT, [MD5]));
    const json = { computerGroupId: 2, intelDocId: 1 };
    const at4 = await ask(four, 'POST', '/on-demand-scans', { json });
    expect(at4.body).toMatchObject({
      data: { id: 1, ...json },
      meta: { deployTask: { status: 'STARTED', taskId: 1 } },
    });
    const at3 = await ask(three, 'POST', `${PREFIX_3}/quick-scans`, { json });
    expect(at3.body).toMatchObject({ id: 1, ...json, alertCount: 0 });
    expect(await ask(four, 'POST', '/quick-scans', { json })).toMatchObject({ status: 404 });
    expect(await ask(three, 'POST', `${PREFIX_3}/on-demand-scans`, { json })).toMatchObject({ status: 404 });
    expect(four.control.scans()).toEqual([{ at: NOW, ...json }]);
    expect(four.control.writes()).toMatchObject({ scans: 1, created: 1, total: 2 });
  });

  it.each([
    [400, { computerGroupId: '2', intelDocId: 1 }],
    [404, { computerGroupId: 9, intelDocId: 1 }],
    [404, { computerGroupId: 2, intelDocId: 9 }],
  ])('are refused with %i for %j', async (status, json) => {
    const simulator = await started();
    await upload(simulator, 1, openIoc(ROOT, [MD5]));
    expect(await ask(simulator, 'POST', '/on-demand-scans', { json })).toMatchObject({ status });
  });
});

describe('the hash list', () => {
  const PATH = '/plugin/products/reputation/v3/reputations/custom';
  const entry = { list: 'blacklist', md5: MD5, sha1: '', sha256: SHA256, uploadedHash: SHA256, notes: 'n' };

  it('takes files, each once, tells of them and lets them go', async () => {
    const simulator = await started();
    const put = (json: unknown) => ask(simulator, 'POST', `${PATH}/upload?append=true`, { json });
    expect(rowsOf(await put([entry]))).toEqual([{ id: 1, ...entry }]);
    expect(
      rowsOf(await put([{ ...entry, sha256: '', uploadedHash: MD5.toUpperCase(), notes: 'other' }])),
    ).toMatchObject([{ id: 1, notes: 'other' }]);
    await put([{ ...entry, md5: '', notes: 'two' }]);
    expect(rowsOf(await ask(simulator, 'GET', `${PATH}?limit=500&offset=0`))).toMatchObject([{ id: 1 }, { id: 2 }]);
    expect(await ask(simulator, 'DELETE', `${PATH}/1`)).toMatchObject({ status: 200 });
    expect(await ask(simulator, 'DELETE', `${PATH}/1`)).toMatchObject({ status: 404 });
    expect(await ask(simulator, 'DELETE', `${PATH}/${SHA256}`)).toMatchObject({ status: 200 });
    expect(simulator.control.hashList()).toEqual([]);
    expect(simulator.control.writes().hashList).toBe(5);
  });

  it('joins two entries that turn out to be one file', async () => {
    const simulator = await started();
    const put = (json: unknown) => ask(simulator, 'POST', `${PATH}/upload?append=true`, { json });
    await put([
      { ...entry, sha256: '', uploadedHash: MD5 },
      { ...entry, md5: '' },
    ]);
    expect(simulator.control.hashList()).toHaveLength(2);
    await put([entry]);
    expect(simulator.control.hashList()).toEqual([{ id: 2, ...entry }]);
    expect(await ask(simulator, 'DELETE', `${PATH}/${MD5}`)).toMatchObject({ status: 200 });
  });

  it('is replaced whole without append', async () => {
    const simulator = await started();
    await ask(simulator, 'POST', `${PATH}/upload?append=true`, { json: [entry] });
    const other = { ...entry, md5: 'c'.repeat(32), sha256: '', uploadedHash: 'c'.repeat(32) };
    await ask(simulator, 'POST', `${PATH}/upload`, { json: [other] });
    expect(simulator.control.hashList()).toEqual([{ id: 2, ...other }]);
  });

  it('may tell nothing and know files by one name only', async () => {
    const reputation = { listed: false, tellsIds: false, deletesBy: 'hash', keys: 'upper' } as const;
    const simulator = await started({ behaviour: { reputation } });
    const { md5, sha1, sha256, ...rest } = entry;
    const upper = { ...rest, MD5: md5, 'SHA-1': sha1, 'SHA-256': sha256 };
    expect(await ask(simulator, 'POST', `${PATH}/upload?append=true`, { json: [entry] })).toMatchObject({
      status: 400,
    });
    const put = await ask(simulator, 'POST', `${PATH}/upload?append=true`, { json: [upper] });
    expect(dataOf(put)).toEqual({ count: 1 });
    expect(await ask(simulator, 'GET', PATH)).toMatchObject({ status: 404 });
    expect(await ask(simulator, 'DELETE', `${PATH}/1`)).toMatchObject({ status: 404 });
    simulator.control.behaviour.reputation = { ...reputation, deletesBy: 'id' };
    expect(await ask(simulator, 'DELETE', `${PATH}/${MD5}`)).toMatchObject({ status: 404 });
    expect(await ask(simulator, 'DELETE', `${PATH}/1`)).toMatchObject({ status: 200 });
  });

  it.each([
    ['no list', [{ ...entry, list: 'grey' }]],
    ['a short hash', [{ ...entry, md5: 'ab' }]],
    ['no hash', [{ ...entry, md5: '', sha256: '', uploadedHash: '' }]],
    ['another hash', [{ ...entry, uploadedHash: 'c'.repeat(64) }]],
    ['an entry that is none', [7]],
    ['no array', entry],
  ])('refuses %s as a whole', async (_what, json) => {
    const simulator = await started();
    const body = Array.isArray(json) ? [entry, ...json] : json;
    expect(await ask(simulator, 'POST', `${PATH}/upload?append=true`, { json: body })).toMatchObject({ status: 400 });
    expect(simulator.control.hashList()).toEqual([]);
  });
});
