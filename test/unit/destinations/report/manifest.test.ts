import { describe, expect, it } from 'vitest';
import { manifestOf, manifestText, readManifest } from '#main/destinations/report/manifest.ts';
import type { ReportHead } from '#main/destinations/report/port.ts';

const HOSTILE = '</script><b>"\\ \ud800 \u2028 \u202e {"assayReport":1, "seal":"assay-seal:';

const head: ReportHead = {
  format: 'html',
  statement: { title: HOSTILE, examiner: 'É. Doe', caseName: '', note: '' },
  madeAt: 1_763_000_000,
  madeBy: 'Assay 1',
  simulated: true,
  intake: {
    id: 1,
    title: 'list.csv',
    createdAt: 1,
    readBy: 'Assay 1',
    sha256: null,
    state: 'ready',
    fault: null,
    note: '',
    embargo: false,
    triagedAt: 1,
    judgedAt: 1,
  },
  inputs: [],
  accounting: {
    records: 0,
    hashes: 0,
    duplicates: 0,
    withoutHash: 0,
    rejected: 0,
    otherLines: 0,
    notDigests: {},
    balanced: true,
  },
  counts: { malicious: 0, suspicious: 0, 'non-malicious': 0, pending: 0, unknown: 0, conflict: 0, stale: 0 },
  selection: 'all rows',
  rows: 0,
  rowCounts: { malicious: 0, suspicious: 0, 'non-malicious': 0, pending: 0, unknown: 0, conflict: 0, stale: 0 },
  columns: [],
  sets: [],
  troubles: 0,
  problems: [],
};

describe('manifest of a report', () => {
  it('is one line of ASCII without markup, whatever people wrote', () => {
    expect(manifestText(head)).toMatch(/^[ -~]+$/);
    expect(manifestText(head)).not.toMatch(/[<>&]/);
  });

  it('is read back as it was written, with texts that look like one in it', () => {
    expect(readManifest(`%PDF\nbefore ${manifestText(head)} after`)).toEqual(manifestOf(head));
  });

  it('is null where there is none, or one that is cut', () => {
    expect(readManifest('{"rows":1}')).toBeNull();
    expect(readManifest(manifestText(head).slice(0, -3))).toBeNull();
    expect(readManifest(manifestText(head).replace('"rows":0', '"rows":"0"'))).toBeNull();
  });
});
