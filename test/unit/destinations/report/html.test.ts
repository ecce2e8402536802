import { describe, expect, it } from 'vitest';
import { shown, shownLines } from '#main/destinations/report/html/shown.ts';
import { writeHtml } from '#main/destinations/report/html/write-html.ts';
import { manifestOf, readManifest } from '#main/destinations/report/manifest.ts';
import type { ReportContent } from '#main/destinations/report/port.ts';
import { answer, answered, digestsOf, reportContent, reportRow, verdict } from './content.ts';

async function page(content: ReportContent): Promise<string> {
  let text = '';
  for await (const chunk of writeHtml(content)) {
    text += String(chunk);
  }
  return text;
}

const HOSTILE = [
  '</script><script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' style='x",
  '<!--',
  ']]>',
  '&lt;',
  '\u202egpj.exe',
  'a\u2028b\u0000\u001b[31m\ud800',
];

describe('text on the page of a report', () => {
  it('leaves plain text as it is and escapes markup', () => {
    expect(shown('C:\\Windows\\a b.exe')).toBe('C:\\Windows\\a b.exe');
    expect(shown(`<a href="x" id='y'>&`)).toBe('&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;');
    expect(shown('Größe 日本 👍 עברית')).toBe('Größe 日本 👍 עברית');
  });

  it('names what could not be seen', () => {
    expect(shown('a\u202eb')).toBe('a<i>⟨U+202E⟩</i>b');
    expect(shown('\ud800\u0000\n\u2028\u{e0041}')).toBe(
      '<i>⟨U+D800⟩</i><i>⟨U+0000⟩</i><i>⟨U+000A⟩</i><i>⟨U+2028⟩</i><i>⟨U+E0041⟩</i>',
    );
    expect(shownLines('a\r\nb\u202e')).toBe('a\nb<i>⟨U+202E⟩</i>');
  });

  it('cuts a value of a megabyte and says so, never inside a pair', () => {
    const text = shown('👍'.repeat(500_000));
    expect(text.length).toBeLessThan(2200);
    expect(text).toContain('1000000 characters');
    expect(shown(`a${'👍'.repeat(2000)}`)).not.toContain('U+D8');
  });
});

describe('the page of a report', () => {
  it('holds no markup of what came from outside, in any place', async () => {
    for (const text of HOSTILE) {
      const html = await page(
        reportContent({
          head: {
            format: 'html',
            statement: { title: text, examiner: text, caseName: text, note: text },
            columns: [text],
            selection: text,
            problems: [text],
            sets: [{ name: text, edition: text, mark: 'known', datedAt: null, errorRate: 0.01 }],
          },
          rows: [
            reportRow(1, {
              file: text,
              where: [{ file: text, line: 1 }],
              carried: [text],
              note: text,
              tags: [text],
              answers: [answer({ threat: text, rawCode: text })],
              sets: [{ set: 0, matchedBy: 'sha1' }],
              listEntries: [{ side: 'malicious', reason: text }],
            }),
          ],
          troubles: [{ file: text, line: 1, column: null, kind: 'rejected', reason: text, excerpt: text }],
        }),
      );
      expect(html.match(/<script/g)).toHaveLength(1);
      const markup = html.replace(/<script.*<\/script>/, '');
      expect(markup).not.toMatch(/<img|onerror=alert\(1\)>|<!--|style='/);
      // oxlint-disable-next-line no-control-regex -- what must not come through
      expect(html).not.toMatch(/[\u202e\u2028\u0000\u001b\ud800]/u);
    }
  });

  it('asks for nothing from elsewhere and allows no style but its own', async () => {
    const html = await page(reportContent({ head: { format: 'html', simulated: true }, rows: [reportRow(1)] }));
    expect(html).not.toMatch(/\b(?:src|href)="(?!#)/);
    expect(html).not.toContain('unsafe-inline');
    expect(html).toMatch(/default-src 'none'; style-src 'sha256-[^']+' 'sha256-[^']+'/);
    expect(html).not.toMatch(/ style="/);
  });

  it('says the verdict then and now, what it rests on, and what was never asked', async () => {
    const html = await page(
      reportContent({
        head: { format: 'html' },
        rows: [
          reportRow(1, {
            verdict: answered('malicious', { agreeing: 2, flags: ['conflict', 'weak'] }),
            triaged: verdict(),
            digests: digestsOf(1),
            digestLink: 'asserted',
            answers: [
              answer(),
              answer({ source: 'wildfire', status: 'unknown', noAnswer: 'could-not-ask', threat: null, score: null }),
            ],
          }),
        ],
      }),
    );
    expect(html).toContain('<p class="l">triaged as unknown</p>');
    expect(html).toContain(
      'VirusTotal +2, 2025-11-12 02:13 (24 hours ago). Answers disagree; matched by MD5 or SHA-1 alone',
    );
    expect(html).toContain('At triage: never asked');
    expect(html).toContain('WildFire: could not be asked');
    expect(html).toContain('tied together by the list alone');
    expect(html).toContain('<b>4</b> records = <b>2</b> hashes + <b>1</b> duplicate + <b>0</b> without a hash');
  });

  it('carries its manifest, and stamps every table where answers are made up', async () => {
    const rows = Array.from({ length: 1001 }, (_, seed) => reportRow(seed));
    const content = reportContent({ head: { format: 'html', simulated: true }, rows });
    const html = await page(content);
    expect(readManifest(html)).toEqual(manifestOf(content.head));
    expect(html.match(/<th class="stamp"/g)).toHaveLength(3);
    expect(html).toContain('Rows 1,001 to 1,001 of 1,001');
    const real = await page(reportContent({ head: { format: 'html' }, rows }));
    expect(real).not.toMatch(/simulated sources|made up/i);
  });

  it('says when not all rows are on it', async () => {
    const html = await page(reportContent({ head: { format: 'html', rows: 2184 }, rows: [reportRow(1)] }));
    expect(html).toContain('1 of 2,184 rows are shown here.');
    expect(await page(reportContent({ head: { format: 'html' } }))).toContain('No row was selected.');
  });
});
