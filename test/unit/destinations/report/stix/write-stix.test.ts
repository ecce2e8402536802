import { describe, expect, test } from 'vitest';
import { readManifest } from '#main/destinations/report/manifest.ts';
import { SEAL_BLANK } from '#main/destinations/report/seal.ts';
import { writeStix } from '#main/destinations/report/stix/write-stix.ts';
import {
  type ContentParts,
  MADE_AT,
  answer,
  answered,
  collected,
  digestsOf,
  generatedRows,
  reportContent,
  reportHead,
  reportRow,
} from '../content.ts';
import { heldWhile } from '../memory.ts';
import { type StixBundle, type StixType, stixBundle } from './specification.ts';

async function written(parts: ContentParts): Promise<StixBundle> {
  return stixBundle.parse(JSON.parse((await collected(writeStix(reportContent(parts)))).toString()));
}

function ofType<T extends StixType>({ objects }: StixBundle, type: T) {
  return objects.filter((object): object is Extract<typeof object, { type: T }> => object.type === type);
}

const extensionOf = (object: { readonly extensions?: Record<string, unknown> | undefined } | undefined) =>
  Object.values(object?.extensions ?? {})[0];

describe('a STIX bundle', () => {
  test('gives files the ids that every producer gives them', async () => {
    // Computed with Python's uuid5 over {"hashes":{"MD5":"…"},"name":"foo.dll"} and {"hashes":{"SHA-256":"…"}}.
    const { md5, sha1, sha256 } = digestsOf(1);
    const bundle = await written({
      head: { columns: ['name'] },
      rows: [
        reportRow(1, { digests: { md5, sha1, sha256 }, digestLink: 'computed', carried: ['foo.dll'] }),
        reportRow(2),
      ],
    });
    expect(ofType(bundle, 'file').map(({ id }) => id)).toEqual([
      'file--919f0a16-a974-5f39-a2e4-2d561fb2a99b',
      'file--11cde5fe-3780-5b74-874b-6229858e52f9',
    ]);
  });

  test('says what is known of a row, each part by itself', async () => {
    const { sha256 } = digestsOf(1);
    const row = reportRow(1, {
      verdict: answered('malicious'),
      carried: ['C:\\x\\mal.exe', '2048'],
      answers: [
        answer(),
        answer({ source: 'wildfire', status: 'non-malicious', score: null, threat: null, rawCode: '0' }),
        answer({ source: 'recorded-future', status: 'unknown', noAnswer: 'could-not-ask', scannedAt: null }),
        answer({
          source: 'reversinglabs-a1000',
          status: 'unknown',
          noAnswer: 'not-known',
          threat: null,
          rawCode: null,
          scannedAt: null,
        }),
      ],
      sets: [{ set: 0, matchedBy: 'sha256' }],
      listEntries: [{ side: 'non-malicious', reason: 'ours' }],
      note: 'seen on host 7',
      tags: ['dropper', 'stage 2'],
    });
    const sets = [{ name: 'NSRL', edition: '2025.09.1', mark: 'known' as const, datedAt: MADE_AT, errorRate: null }];
    const bundle = await written({ head: { columns: ['path', 'size'], sets }, rows: [row] });
    const [file] = ofType(bundle, 'file');
    expect(file).toMatchObject({ hashes: { 'SHA-256': sha256 }, name: 'C:\\x\\mal.exe', size: 2048 });
    const [mine, ...theirs] = ofType(bundle, 'malware-analysis');
    expect(mine).toMatchObject({
      product: 'assay',
      version: '1.2.3',
      result: 'malicious',
      sample_ref: file?.id,
      labels: ['dropper', 'stage 2'],
    });
    expect(extensionOf(mine)).toMatchObject({
      assay_row: {
        basis: 'VirusTotal says malicious, 24 hours ago.',
        verdict: { status: 'malicious', ageSeconds: 86_400 },
        triaged: { status: 'unknown', rule: 'never-asked' },
        where: [{ file: 'list.csv', line: 3 }],
        couldNotAsk: ['recorded-future'],
        sets: [{ name: 'NSRL', edition: '2025.09.1', mark: 'known', matchedBy: 'sha256' }],
        hashList: [{ side: 'non-malicious', reason: 'ours' }],
      },
    });
    const added = JSON.stringify([mine, ...theirs].map(extensionOf));
    expect([added.includes('null'), added.includes('[]')]).toEqual([false, false]);
    expect(theirs.map(({ product, result, result_name }) => [product, result, result_name])).toEqual([
      ['virustotal', 'malicious', 'Trojan.Generic'],
      ['wildfire', 'benign', undefined],
      ['reversinglabs-a1000', 'unknown', undefined],
    ]);
    expect(ofType(bundle, 'indicator')).toMatchObject([
      {
        pattern: `[file:hashes.'SHA-256' = '${sha256}']`,
        indicator_types: ['malicious-activity'],
        valid_from: '2025-11-12T02:13:20.000Z',
        labels: ['dropper', 'stage 2'],
      },
    ]);
    expect(ofType(bundle, 'indicator')[0]).not.toHaveProperty('confidence');
    expect(ofType(bundle, 'note')).toMatchObject([{ content: 'seen on host 7', object_refs: [file?.id] }]);
  });

  test('indicates nothing of rows that are neither malicious nor suspicious', async () => {
    const rows = (['malicious', 'suspicious', 'non-malicious', 'pending', 'unknown'] as const).map((status, seed) =>
      reportRow(seed, { verdict: answered(status) }),
    );
    const bundle = await written({ rows });
    expect(ofType(bundle, 'indicator').map(({ indicator_types }) => indicator_types)).toEqual([
      ['malicious-activity'],
      ['anomalous-activity'],
    ]);
  });

  test('keeps apart what only the list ties together', async () => {
    const { md5, sha1, sha256 } = digestsOf(1);
    const row = reportRow(1, {
      digests: { md5, sha1, sha256 },
      digestLink: 'asserted',
      verdict: answered('malicious', { flags: ['asserted'] }),
      answers: [answer({ matchedBy: 'md5', link: 'asserted' })],
    });
    const bundle = await written({ rows: [row] });
    const files = ofType(bundle, 'file');
    expect(files.map(({ hashes }) => hashes)).toEqual([{ 'SHA-256': sha256 }, { 'SHA-1': sha1 }, { MD5: md5 }]);
    expect(ofType(bundle, 'relationship').map(({ source_ref, target_ref }) => [source_ref, target_ref])).toEqual([
      [files[0]?.id, files[1]?.id],
      [files[0]?.id, files[2]?.id],
    ]);
    const analyses = ofType(bundle, 'malware-analysis');
    expect(analyses.map(({ product, sample_ref, result }) => [product, sample_ref, result])).toEqual([
      ['assay', files[0]?.id, 'unknown'],
      ['virustotal', files[2]?.id, 'malicious'],
    ]);
    expect(ofType(bundle, 'indicator').map(({ pattern }) => pattern)).toEqual([`[file:hashes.'MD5' = '${md5}']`]);
  });

  test('tells rows apart that share a file', async () => {
    const { md5 } = digestsOf(7);
    const rows = [1, 2].map((seed) =>
      reportRow(seed, { digests: { sha256: digestsOf(seed).sha256, md5 }, digestLink: 'asserted' }),
    );
    const bundle = await written({ rows: [...rows, ...rows] });
    const ids = bundle.objects.filter(({ type }) => type !== 'file').map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ofType(bundle, 'report')[0]?.object_refs).toHaveLength(bundle.objects.length - 2);
  });

  test('writes a file that rows share once, and keeps what each row says of it', async () => {
    const { md5 } = digestsOf(7);
    const row = (seed: number, tied: number) =>
      reportRow(seed, {
        digests: { sha256: digestsOf(seed).sha256, md5: digestsOf(tied).md5 },
        digestLink: 'asserted',
        answers: [answer({ matchedBy: 'md5', link: 'asserted' })],
        note: `row ${seed}`,
      });
    const bundle = await written({ rows: [row(1, 7), row(2, 7), row(1, 8)] });
    const files = ofType(bundle, 'file');
    expect(files.map(({ hashes }) => Object.values(hashes))).toEqual(
      [digestsOf(1).sha256, md5, digestsOf(2).sha256, digestsOf(8).md5].map((digest) => [digest]),
    );
    const [one, shared, two, other] = files.map(({ id }) => id);
    expect(ofType(bundle, 'relationship').map(({ source_ref, target_ref }) => [source_ref, target_ref])).toEqual([
      [one, shared],
      [two, shared],
      [one, other],
    ]);
    expect(ofType(bundle, 'note').map(({ content, object_refs }) => [content, object_refs])).toEqual([
      ['row 1', [one]],
      ['row 2', [two]],
      ['row 1', [one]],
    ]);
    const ids = bundle.objects.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const named = ofType(bundle, 'report')[0]?.object_refs ?? [];
    expect(new Set(named).size).toBe(named.length);
    expect(new Set(named.filter((id) => id.startsWith('file--')))).toEqual(new Set([one, shared, two, other]));
  });

  test('keeps files apart that share the id every producer gives them', async () => {
    const { md5, sha256 } = digestsOf(1);
    const computed = { digestLink: 'computed' } as const;
    const rows = [
      reportRow(1, { digests: { md5 }, carried: ['a.exe', '10'] }),
      reportRow(2, { ...computed, digests: { md5, sha256 }, carried: ['a.exe', '10'] }),
      reportRow(3, { ...computed, digests: { md5, sha256: digestsOf(3).sha256 }, carried: ['a.exe', '10'] }),
      reportRow(4, { digests: { md5 }, carried: ['a.exe', '20'] }),
      reportRow(5, { ...computed, digests: { md5, sha256 }, carried: ['a.exe', '10'] }),
      reportRow(6, { digests: { md5 }, carried: ['a.exe', '10'] }),
      reportRow(7, { digests: { md5 }, carried: ['a.exe', ''] }),
      reportRow(8, { digests: { md5 }, carried: ['a.exe', ''] }),
    ];
    const bundle = await written({ head: { columns: ['name', 'size'] }, rows });
    const files = ofType(bundle, 'file');
    expect(files.map(({ hashes, size }) => [Object.values(hashes), size])).toEqual([
      [[md5], 10],
      [[md5, sha256], 10],
      [[md5, digestsOf(3).sha256], 10],
      [[md5], 20],
      [[md5], undefined],
    ]);
    const ids = files.map(({ id }) => id);
    expect(new Set(ids).size).toBe(5);
    expect(ofType(bundle, 'malware-analysis').map(({ sample_ref }) => ids.indexOf(sample_ref as never))).toEqual([
      0, 1, 2, 3, 1, 0, 4, 4,
    ]);
  });

  test('finds each of many files again', async () => {
    const seeds = Array.from({ length: 4_500 }, (_, seed) => seed);
    const bundle = await written({ rows: [...seeds, ...seeds.toReversed()].map((seed) => reportRow(seed)) });
    const ids = ofType(bundle, 'file').map(({ id }) => id);
    expect([ids.length, new Set(ids).size]).toEqual([4_500, 4_500]);
    const samples = ofType(bundle, 'malware-analysis').map(({ sample_ref }) => sample_ref);
    expect(samples).toEqual([...ids, ...ids.toReversed()]);
  });

  test('names every object in its report, and each once', async () => {
    const { md5, sha256 } = digestsOf(9000);
    const rows = [
      ...Array.from({ length: 5000 }, (_, seed) =>
        reportRow(seed, { verdict: answered(seed % 2 === 0 ? 'malicious' : 'unknown'), answers: [answer(), answer()] }),
      ),
      reportRow(9000, { digests: { md5, sha256 }, digestLink: 'asserted', note: 'x' }),
    ];
    const bundle = await written({ rows });
    const [report] = ofType(bundle, 'report');
    const named = bundle.objects
      .filter(({ type }) => type !== 'report' && type !== 'extension-definition')
      .map(({ id }) => id);
    expect(new Set(report?.object_refs)).toEqual(new Set(named));
    expect(report?.object_refs.length).toBe(named.length);
    expect(new Set(named).size).toBe(named.length);
  });

  test('keeps ids and markings of what the list was', async () => {
    const custom = 'marking-definition--5a1b2c3d-0000-4000-8000-000000000001';
    const noVersion = '00000000-0000-0000-0000-000000000000';
    const columns = ['name', 'marking', 'stix id', 'tags', 'uuid'];
    const stixId = 'indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f';
    const uuid = '5f1a2b3c-0000-4000-8000-000000000007';
    const bundle = await written({
      head: { columns },
      rows: [
        reportRow(1, { carried: ['', `TLP:GREEN, ${custom}, Acme internal`, stixId, '', ''] }),
        reportRow(2, { carried: ['', '', '', 'tlp:amber+strict, type:OSINT', uuid] }),
        reportRow(3, { carried: ['', `marking-definition--${noVersion}`, 'no id', '', 'none'] }),
      ],
    });
    const green = 'marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da';
    const strict = 'marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003';
    expect(ofType(bundle, 'file').map(({ object_marking_refs: refs }) => refs)).toEqual([
      [green, custom],
      [strict],
      undefined,
    ]);
    expect(ofType(bundle, 'marking-definition').map(({ id }) => id)).toEqual([green, strict]);
    expect(ofType(bundle, 'report')[0]?.object_marking_refs).toEqual([strict, custom]);
    expect(ofType(bundle, 'malware-analysis').map(({ external_references: refs }) => refs)).toEqual([
      [{ source_name: 'STIX', external_id: stixId }],
      [{ source_name: 'MISP', external_id: uuid }],
      undefined,
    ]);
  });

  test('takes levels over from a column of the list that is named for them', async () => {
    const levels = ['red', 'TLP:AMBER', 'Green', 'none', ''];
    const bundle = await written({
      head: { columns: ['TLP', 'tags'] },
      rows: levels.map((level, seed) => reportRow(seed, { carried: [level, 'red'] })),
    });
    const red = 'marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed';
    const amber = 'marking-definition--f88d31f6-486f-44da-b317-01333bde0b82';
    const green = 'marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da';
    const refs = ofType(bundle, 'file').map(({ object_marking_refs: marked }) => marked);
    expect(refs).toEqual([[red], [amber], [green], undefined, undefined]);
    expect(ofType(bundle, 'report')[0]?.object_marking_refs).toEqual([red]);
  });

  test('ends with the report, what was not read, and the manifest', async () => {
    const parts: ContentParts = {
      head: { problems: ['The set NSRL could not be read.'] },
      rows: [reportRow(1)],
      troubles: [
        { file: 'list.csv', line: 4, column: 2, kind: 'rejected', reason: '31 digits', excerpt: '=cmd' },
        { file: 'list.csv', line: 5, column: null, kind: 'rejected', reason: '33 digits', excerpt: '' },
      ],
    };
    const text = (await collected(writeStix(reportContent(parts)))).toString();
    expect(readManifest(text)).toMatchObject({ format: 'jsonl', title: 'Host 7', rows: 1 });
    expect(text.split(SEAL_BLANK)).toHaveLength(2);
    const bundle = stixBundle.parse(JSON.parse(text));
    expect(bundle.objects.at(-1)).toMatchObject({
      type: 'report',
      name: 'Host 7',
      published: '2025-11-13T02:13:20.000Z',
    });
    expect(ofType(bundle, 'report')[0]?.description).toContain('The set NSRL could not be read.');
    expect(extensionOf(ofType(bundle, 'report')[0])).toMatchObject({
      assay_report: { accounting: { rejected: 1 }, notRead: [{ line: 4, reason: '31 digits' }, { line: 5 }] },
    });
    expect(ofType(bundle, 'identity').map(({ name, identity_class }) => [name, identity_class])).toEqual([
      ['Assay', 'system'],
      ['J. Doe', 'individual'],
    ]);
  });

  test('is a bundle without rows, without words, and of made-up answers', async () => {
    const statement = { title: '', examiner: '', caseName: '', note: '' };
    const bundle = await written({
      head: { statement, simulated: true, intake: { ...reportHead().intake, title: '' } },
    });
    expect(ofType(bundle, 'report')).toMatchObject([{ name: 'Simulated: Intake 3', labels: ['simulated'] }]);
    const rows = [reportRow(1, { verdict: answered('malicious'), answers: [answer()] })];
    const { objects } = await written({ head: { simulated: true }, rows });
    const claims = objects.filter(({ type }) => type === 'indicator' || type === 'malware-analysis');
    expect(claims.map((claim) => 'labels' in claim && claim.labels)).toEqual([
      ['simulated'],
      ['simulated'],
      ['simulated'],
    ]);
  });

  test('says of an intake under embargo that nobody may be asked', async () => {
    const bundle = await written({ head: { intake: { ...reportHead().intake, embargo: true } } });
    expect(ofType(bundle, 'report')).toMatchObject([
      { labels: ['embargo'], description: expect.stringContaining('no hash of it may be asked about outside') },
    ]);
  });

  test('is the same when it is written again', async () => {
    const parts = { rows: [reportRow(1, { verdict: answered('malicious'), answers: [answer()] })] };
    expect(await collected(writeStix(reportContent(parts)))).toEqual(await collected(writeStix(reportContent(parts))));
  });

  test('needs no more memory for more rows', async () => {
    const row = reportRow(1, { verdict: answered('malicious'), answers: [answer()], note: 'n' });
    const content = { ...reportContent({}), rows: generatedRows(20_000, () => row) };
    const { bytes, longest, grown } = await heldWhile(writeStix(content));
    expect(bytes).toBeGreaterThan(40_000_000);
    expect(longest).toBeLessThan(4_000_000);
    expect(grown).toBeLessThan(12_000_000);
  });
});
