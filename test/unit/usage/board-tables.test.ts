import { describe, expect, it } from 'vitest';
import { csvTable, htmlTable, type BoardTable } from '#main/destinations/usage/board-tables.ts';

const SAVED: BoardTable = {
  table: 'quota-saved',
  currency: '=EUR',
  rows: [
    { source: 'wildfire', pairs: 1200, calls: 12, days: 0.456, price: null },
    { source: 'virustotal', pairs: 1200, calls: 1200, days: null, price: 60.5 },
  ],
};
const FORECAST: BoardTable = {
  table: 'quota-forecast',
  rows: [
    {
      source: 'virustotal',
      window: 'day',
      spent: 293,
      limit: 500,
      startsAt: 1_795_046_400,
      endsAt: 1_795_132_800,
      perDay: 900,
      usedUpAt: 1_795_097_400,
      expected: 880.4,
      basis: 'past',
      sentence: 'VirusTotal’s day ends at 14:10 UTC, at this pace.',
    },
    {
      source: 'wildfire',
      window: 'month',
      spent: 0,
      limit: 9000,
      startsAt: 1_793_491_200,
      endsAt: 1_796_083_200,
      perDay: 0,
      usedUpAt: null,
      expected: 0,
      basis: 'none',
      sentence: 'WildFire is paused.',
    },
  ],
};
const FAILURES: BoardTable = {
  table: 'failure-reasons',
  rows: [{ source: 'reversinglabs-a1000', reason: 'quota', label: '<b>quota met</b>', requests: 4100 }],
};

describe('tables of the board as CSV', () => {
  it('name sources and reasons by their keys, leave open what is not known, run nothing', () => {
    expect(csvTable(SAVED, false)).toBe(
      'source,pairs,calls,quotaDays,price,currency\n' +
        'wildfire,1200,12,0.46,,\n' +
        "virustotal,1200,1200,,60.5,'=EUR\n",
    );
    expect(csvTable(FAILURES, false)).toBe('source,reason,requests\nreversinglabs-a1000,quota,4100\n');
  });

  it('claim no expectation without a pace, and quote what holds a comma', () => {
    expect(csvTable(FORECAST, false)).toBe(
      'source,window,spent,limit,expected,windowEnds,usedUpAt,sentence\n' +
        'virustotal,day,293,500,880,2026-11-20T00:00:00Z,2026-11-19T14:10:00Z,"VirusTotal’s day ends at 14:10 UTC, at this pace."\n' +
        'wildfire,month,0,9000,,2026-12-01T00:00:00Z,,WildFire is paused.\n',
    );
  });

  it('say in every row that they are simulated', () => {
    expect(csvTable(FAILURES, true)).toBe('source,reason,requests,simulated\nreversinglabs-a1000,quota,4100,true\n');
  });
});

describe('tables of the board as HTML', () => {
  it('name sources and reasons in words, escaped, with what they mean', () => {
    const html = htmlTable(FAILURES, true);
    expect(html).toMatch(/^<h2>Quotas and failures<\/h2>\n<section><h3>Failure reasons<\/h3>/);
    expect(htmlTable(FAILURES, false)).not.toContain('<h2>');
    expect(html).toMatch(
      /<td[^>]*>ReversingLabs A1000<\/td><td[^>]*>&lt;b&gt;quota met&lt;\/b&gt;<\/td><td>4,100<\/td>/,
    );
    expect(htmlTable(FORECAST, false)).toMatch(/>2026-11-20 00:00<\/td><td[^>]*>2026-11-19 14:10</);
  });

  it('say that there is nothing', () => {
    expect(htmlTable({ ...FAILURES, rows: [] }, false)).toContain('<p>None.</p>');
  });
});
