import { describe, expect, it } from 'vitest';
import { manifestOf, manifestText, readManifest } from '#main/destinations/report/manifest.ts';
import { reportHead } from './content.ts';

const HOSTILE = '</script><b>"\\ \ud800 \u2028 \u202e {"assayReport":1, "seal":"assay-seal:';

const head = reportHead({
  format: 'html',
  statement: { title: HOSTILE, examiner: 'É. Doe', caseName: '', note: '' },
  simulated: true,
});

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
    expect(readManifest(manifestText(head).replace('"rows":2', '"rows":"2"'))).toBeNull();
  });
});
