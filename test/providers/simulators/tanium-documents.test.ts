import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  ask,
  closeAfterEach,
  dataOf,
  IOC_HEADERS,
  makeSource,
  NOW,
  openIoc,
  replace,
  ROOT,
  rootOf,
  rowsOf,
  started,
  upload,
} from './tanium-stage.ts';

closeAfterEach();

const A = 'A'.repeat(32);
const B = 'B'.repeat(32);

describe('documents', () => {
  it('are kept with everything the server tells of them', async () => {
    const simulator = await started();
    const source = await makeSource(simulator);
    const xml = openIoc(ROOT, [A, B]);
    const made = dataOf(await upload(simulator, source, xml));
    const iso = new Date(NOW).toISOString();
    expect(made).toEqual({
      id: 1,
      revisionId: 1,
      type: 'openioc',
      typeVersion: '1.0',
      isSchemaValid: true,
      intrinsicId: ROOT,
      name: 'a package',
      description: 'for tests',
      md5: createHash('md5').update(xml).digest('hex'),
      size: xml.length,
      contents: xml,
      sourceId: source,
      labelIds: [],
      alertCount: 0,
      unresolvedAlertCount: 0,
      compiled: null,
      mitreAttack: null,
      platforms: [],
      blobId: expect.stringMatching(/^blob-/) as unknown,
      createdAt: iso,
      updatedAt: iso,
    });
    expect(dataOf(await ask(simulator, 'GET', '/intels/1'))).toEqual(made);
    expect(simulator.control.terms('ThreatConnect').map((term) => [term.intelId, term.content])).toEqual([
      [1, A],
      [1, B],
    ]);
    expect(simulator.control.terms('Uploads')).toEqual([]);
  });

  it('are replaced in place under the same root id only', async () => {
    let now = NOW;
    const simulator = await started({ now: () => now });
    const source = await makeSource(simulator);
    await upload(simulator, source, openIoc(ROOT, [A]));
    now += 1000;
    const same = dataOf(await replace(simulator, 1, openIoc(ROOT, [B], 'renamed')));
    expect(same).toMatchObject({ id: 1, revisionId: 2, name: 'renamed', createdAt: new Date(NOW).toISOString() });
    expect(same).toMatchObject({ updatedAt: new Date(now).toISOString() });
    const other = dataOf(await replace(simulator, 1, openIoc(rootOf(2), [A])));
    expect(other).toMatchObject({ id: 2, sourceId: source, intrinsicId: rootOf(2) });
    expect(simulator.control.terms().map((term) => [term.intelId, term.content])).toEqual([
      [1, B],
      [2, A],
    ]);
    expect(simulator.control.writes()).toMatchObject({ created: 2, replaced: 1, removed: 0, sources: 1, total: 4 });
    expect(await replace(simulator, 9, openIoc(ROOT, [A]))).toMatchObject({ status: 404 });
  });

  it('are removed by the id in the query', async () => {
    const simulator = await started();
    const source = await makeSource(simulator);
    await upload(simulator, source, openIoc(ROOT, [A]));
    expect(await ask(simulator, 'DELETE', '/intels/1')).toMatchObject({ status: 405 });
    expect(await ask(simulator, 'DELETE', '/intels?id=1')).toMatchObject({ status: 405 });
    expect(await ask(simulator, 'DELETE', '/intels/')).toMatchObject({ status: 400 });
    expect(await ask(simulator, 'DELETE', '/intels/?id=1')).toMatchObject({ status: 200 });
    expect(await ask(simulator, 'DELETE', '/intels/?id=1')).toMatchObject({ status: 404 });
    expect(await ask(simulator, 'GET', '/intels/1')).toMatchObject({ status: 404 });
    const next = dataOf(await upload(simulator, source, openIoc(ROOT, [A])));
    expect(next['id']).toBe(2);
    expect(simulator.log.map((entry) => entry.about?.['did']).filter((did) => did !== undefined)).toEqual([
      'source 3 (ThreatConnect) created',
      'intel 1 created',
      'intel 1 removed',
      'intel 2 created',
    ]);
  });

  it('under a root id that is there stand beside it, take its place or are refused', async () => {
    const simulator = await started();
    const source = await makeSource(simulator);
    const other = await makeSource(simulator, 'other');
    const ids: unknown[] = [];
    for (const sameRootId of ['second', 'in-place'] as const) {
      simulator.control.behaviour.sameRootId = sameRootId;
      ids.push(dataOf(await upload(simulator, source, openIoc(ROOT, [A])))['id']);
    }
    ids.push(dataOf(await upload(simulator, other, openIoc(ROOT, [A])))['id']);
    expect(ids).toEqual([1, 1, 2]);
    simulator.control.behaviour.sameRootId = 'second';
    expect(dataOf(await upload(simulator, source, openIoc(ROOT, [A])))['id']).toBe(3);
    simulator.control.behaviour.sameRootId = 'refused';
    expect(await upload(simulator, source, openIoc(ROOT, [A]))).toMatchObject({ status: 400 });
  });

  it('that are not valid are kept and said to be so, or refused', async () => {
    const simulator = await started();
    const source = await makeSource(simulator);
    const broken = openIoc(ROOT, []);
    expect(dataOf(await upload(simulator, source, broken))).toMatchObject({ isSchemaValid: false, intrinsicId: '' });
    expect(dataOf(await upload(simulator, source, '<ioc'))).toMatchObject({ isSchemaValid: false, type: 'openioc' });
    expect(simulator.control.terms()).toEqual([]);
    expect(simulator.control.intels().map((intel) => intel.invalid)).toEqual([
      'an <Indicator> without items',
      'no name at character 4',
    ]);
    simulator.control.behaviour.invalidDocuments = 'refused';
    expect(await upload(simulator, source, broken)).toMatchObject({
      status: 400,
      body: { text: 'the document is not valid: an <Indicator> without items' },
    });
    expect(simulator.control.writes().created).toBe(2);
  });

  it.each([
    ['type header', { type: 'openioc' }, 'openioc', true],
    ['older type header', { type: 'ioc' }, 'openioc', true],
    ['file name', { 'content-disposition': 'attachment; filename=telemetry.ioc' }, 'openioc', true],
    ['file name in quotes', { 'content-disposition': 'filename="a b.IOC"' }, 'openioc', true],
    ['another extension', { 'content-disposition': 'filename=telemetry.xml' }, 'yara', false],
    ['nothing', {}, 'yara', false],
    ['another type', { type: 'stix', 'content-disposition': 'filename=a.ioc' }, 'stix', true],
  ])('are of the type that the headers say: %s', async (_what, headers, type, isSchemaValid) => {
    const simulator = await started();
    const sent = { headers: { 'content-type': 'application/xml', ...headers }, body: openIoc(ROOT, [A]) };
    const answer = await ask(simulator, 'POST', '/intels', sent);
    expect(dataOf(answer)).toMatchObject({ type, isSchemaValid, sourceId: 1 });
  });

  it('may be rules and signals, too', async () => {
    const simulator = await started();
    const yara = {
      headers: { type: 'yara', name: 'a rule', 'content-disposition': 'filename=r.yara' },
      body: 'rule r {}',
    };
    const signal = { json: { name: 's', description: 'd', platforms: ['linux'], contents: `process.path is 'x'` } };
    expect(dataOf(await ask(simulator, 'POST', '/sources/2/intels', yara))).toMatchObject({
      type: 'yara',
      name: 'a rule',
      intrinsicId: 'r.yara',
      isSchemaValid: true,
    });
    expect(dataOf(await ask(simulator, 'POST', '/sources/2/intels', signal))).toMatchObject({
      type: 'tanium-signal',
      isSchemaValid: true,
    });
    expect(rowsOf(await ask(simulator, 'GET', '/sources?name=signals'))).toMatchObject([
      { id: 2, indicatorCount: 1, signalCount: 1 },
    ]);
  });

  it.each([
    ['json-413', 413, /json/, /larger than the limit/],
    ['html-413', 413, /html/, /<h1>413 Request Entity Too Large/],
    ['json-400', 400, /json/, /maximum size/],
    ['bare-400', 400, /json/, /^\{\}$/],
  ] as const)('that are too large are answered by %s and not kept', async (tooLarge, status, type, text) => {
    const simulator = await started({ behaviour: { tooLarge, maxIndicators: 1 } });
    const answers = [await upload(simulator, 1, openIoc(ROOT, [A, B]))];
    simulator.control.behaviour.maxIndicators = null;
    simulator.control.behaviour.maxDocumentBytes = 500;
    answers.push(await upload(simulator, 1, openIoc(ROOT, [A, B])));
    for (const answer of answers) {
      expect(answer.status).toBe(status);
      expect(answer.type).toMatch(type);
      expect(answer.text).toMatch(text);
    }
    expect(simulator.control.intels()).toEqual([]);
    expect(simulator.control.writes().total).toBe(0);
  });

  it('that are too large may meet with a cut connection', async () => {
    const simulator = await started({ behaviour: { tooLarge: 'cut', maxIndicators: 1 } });
    await expect(upload(simulator, 1, openIoc(ROOT, [A, B]))).rejects.toThrow('fetch failed');
    expect(await upload(simulator, 1, openIoc(ROOT, [A]))).toMatchObject({ status: 200 });
    expect(simulator.control.intels()).toHaveLength(1);
  });

  it('are sent to a source that is there', async () => {
    const simulator = await started();
    expect(await upload(simulator, 9, openIoc(ROOT, [A]))).toMatchObject({ status: 404 });
    const xml = openIoc(ROOT, [A]);
    expect(await ask(simulator, 'POST', '/intels', { headers: IOC_HEADERS, body: xml })).toMatchObject({ status: 200 });
  });
});
