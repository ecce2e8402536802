import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { PulledIndicator } from '#main/providers/indicator-port.ts';
import { clearStages, hostRow, NEVER, SECRET, stage } from './stage.ts';

afterEach(clearStages);

const MD5 = 'D41D8CD98F00B204E9800998ECF8427E';
const SHA1 = 'DA39A3EE5E6B4B0D3255BFEF95601890AFD80709';
const SHA256 = 'E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855';

/** What comes of rows a real server sends. */
async function pulled(...data: readonly unknown[]): Promise<readonly PulledIndicator[]> {
  const { threatConnect } = await stage(() => ({ body: { data, status: 'Success' } }));
  const page = await threatConnect.page('(id > 0)', null, NEVER);
  expect(page).toMatchObject({ ok: true });
  return page.ok ? page.value.rows : [];
}

async function termsOf(...rows: readonly Readonly<Record<string, unknown>>[]): Promise<unknown[]> {
  const indicators = await pulled(...rows.map((row, at) => ({ ...hostRow(at + 1), hostName: undefined, ...row })));
  for (const { terms, invalid } of indicators) {
    expect(terms.length === 0).toBe(invalid !== null);
  }
  return indicators.map(
    ({ terms, invalid }) => invalid ?? terms.map(({ kind, value }) => `${kind} ${value}`).join(', '),
  );
}

const all = `md5 ${MD5.toLowerCase()}, sha1 ${SHA1.toLowerCase()}, sha256 ${SHA256.toLowerCase()}`;
const noDigest = 'It holds no MD5, SHA-1 or SHA-256 of 32, 40 or 64 hexadecimal digits.';

it('reads digests from fields and from the summary, by their length', async () => {
  const file = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> => ({ type: 'File', ...fields });
  expect(
    await termsOf(
      file({ md5: MD5, sha1: SHA1, sha256: SHA256, summary: MD5 }),
      file({ summary: `${MD5} : ${SHA1} : ${SHA256}` }),
      file({ summary: `${SHA256} : ${MD5}:${SHA1.toLowerCase()}` }),
      file({ md5: MD5, summary: `${MD5} : ${SHA1} : ${SHA256}` }),
      file({ md5: MD5, summary: '00000000000000000000000000000000' }),
      file({ sha256: ` ${SHA256} `, summary: '' }),
      file({ sha256: SHA256.slice(1), summary: 'evil.exe' }),
      file({ md5: 5, summary: MD5.replace('D', 'G') }),
    ),
  ).toEqual([all, all, all, all, `md5 ${MD5.toLowerCase()}`, `sha256 ${SHA256.toLowerCase()}`, noDigest, noDigest]);
});

it('reads the summary where a field of its own is empty', async () => {
  expect(
    await termsOf(
      { type: 'Address', ip: '', summary: '192.0.2.7' },
      { type: 'Host', hostName: ' ', summary: 'a.example' },
    ),
  ).toEqual(['ipv4 192.0.2.7', 'host a.example']);
});

it('normalises addresses', async () => {
  const cases: readonly (readonly [string, string])[] = [
    ['192.0.2.1', 'ipv4 192.0.2.1'],
    [' 198.51.100.255 ', 'ipv4 198.51.100.255'],
    ['2001:db8:0:0:0:0:0:1', 'ipv6 2001:db8::1'],
    ['2001:0DB8:0000:0000:0001:0000:0000:0001', 'ipv6 2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', 'ipv6 2001:db8:0:1:1:1:1:1'],
    ['0:0:0:0:0:ffff:c000:201', 'ipv4 192.0.2.1'],
    ['::ffff:192.0.2.1', 'ipv4 192.0.2.1'],
    ['::', 'ipv6 ::'],
    ['192.0.2.0/24', 'It is a network, not one address.'],
    ...[
      '192.0.2.01',
      '192.0.2.256',
      '192.0.2',
      '0x7f.0.0.1',
      '3221225985',
      '1.2.3.4:80',
      '[::1]',
      'fe80::1%eth0',
      '::1::',
      'a.example',
      '',
      '1.2.3.4\u0000',
    ].map((text) => [text, 'It is no IPv4 or IPv6 address.'] as const),
  ];
  expect(await termsOf(...cases.map(([ip]) => ({ type: 'Address', ip })))).toEqual(cases.map(([, term]) => term));
  expect(await termsOf({ type: 'Address', summary: '192.0.2.7' })).toEqual(['ipv4 192.0.2.7']);
});

it('keeps any IPv6 address the same address', async () => {
  const groups = fc.array(fc.oneof(fc.constant(0), fc.nat(0xffff)), { minLength: 8, maxLength: 8 });
  const drawn = fc.sample(groups, { numRuns: 200, seed: 3 }).filter((parts) => !isMapped(parts));
  const terms = await termsOf(
    ...drawn.map((parts) => ({ type: 'Address', ip: parts.map((part) => part.toString(16)).join(':') })),
  );
  terms.forEach((term, at) => {
    const text = String(term).replace('ipv6 ', '');
    expect(expanded(text)).toEqual(drawn[at]);
    // RFC 5952, 4.2: lower case, no zeros ahead, and no run of zeros left that is as long as the shortened one.
    expect(text).toMatch(/^[0-9a-f:]+$/);
    expect(text).not.toMatch(/(^|:)0[0-9a-f]/);
  });
});

it('normalises host names', async () => {
  const cases: readonly (readonly [string, string])[] = [
    ['Evil.EXAMPLE', 'host evil.example'],
    ['evil.example.', 'host evil.example'],
    ['bücher.example', 'host xn--bcher-kva.example'],
    ['XN--BCHER-KVA.example', 'host xn--bcher-kva.example'],
    ['例え.テスト', 'host xn--r8jz45g.xn--zckzah'],
    ['_dmarc.evil.example', 'host _dmarc.evil.example'],
    [`${'a'.repeat(63)}.example`, `host ${'a'.repeat(63)}.example`],
    ['*.evil.example', 'The host name has a wildcard; only whole names can be searched for.'],
    ['evil example.com', 'The host name has a space in it.'],
    ['evil.example/path', 'A host name has no / in it.'],
    ['evil.example:443', 'A host name has no : in it.'],
    ['user@evil.example', 'A host name has no @ in it.'],
    ['evil%2eexample.com', 'A host name has no % in it.'],
    ['evil\u0000.example', 'The host name has a control character.'],
    ['192.0.2.1', 'It is an address or a number, not a host name.'],
    ['0x7f.1', 'It is an address or a number, not a host name.'],
    ['intranet', 'It is one word without a dot, which would be found inside of other names.'],
    ...[
      '',
      '.',
      'a..b',
      '-a.example',
      'a-.example',
      `${'a'.repeat(64)}.example`,
      `${'a.'.repeat(130)}example`,
      'a,b.example',
    ].map((text) => [text, 'It is no host name that could be looked up.'] as const),
  ];
  expect(await termsOf(...cases.map(([hostName]) => ({ type: 'Host', hostName, summary: hostName })))).toEqual(
    cases.map(([, term]) => term),
  );
});

describe('a row', () => {
  it('is read with all it says', async () => {
    const row = hostRow(7, {
      rating: '3.50',
      confidence: 74,
      threatAssessScore: 512,
      falsePositives: 2,
      tags: { data: [{ id: 1, name: 'b' }, { id: 2, name: 'a', techniqueId: null }, { name: 'b' }, { id: 3 }] },
      webLink: 'https://acme.threatconnect.com/#/details/indicators/7/overview',
      active: false,
      unheardOf: { deep: true },
    });
    expect(await pulled(row)).toEqual([
      {
        id: 7,
        type: 'Host',
        summary: 'h7.example',
        terms: [{ kind: 'host', value: 'h7.example' }],
        owner: 'Acme',
        rating: 3.5,
        confidence: 74,
        threatAssess: 512,
        falsePositives: 2,
        tags: ['a', 'b'],
        modifiedAt: Date.UTC(2026, 10, 20, 10),
        active: false,
        link: 'https://acme.threatconnect.com/#/details/indicators/7/overview',
        invalid: null,
      },
    ]);
  });

  it('needs no more than what every indicator has; nothing said is null, not 0', async () => {
    const bare = { id: '12', type: 'Host', ownerName: 'Acme', summary: 'a.example', dateAdded: '2026-11-01 08:00:00' };
    const [row] = await pulled(
      bare,
      { ...bare, id: 13, tags: {}, rating: null },
      { ...bare, id: 14, tags: { data: [] } },
    );
    expect(row).toMatchObject({
      id: 12,
      rating: null,
      confidence: null,
      threatAssess: null,
      falsePositives: 0,
      tags: [],
      active: true,
      link: '',
      modifiedAt: Date.UTC(2026, 10, 1, 8),
    });
  });

  it.each([
    ['http', 'http://acme.example/1'],
    ['a script', 'javascript:alert(1)'],
    ['a name', 'https://user@acme.example/1'],
    ['none', 'details/1'],
  ])('has no link that is %s', async (_, webLink) => {
    expect(await pulled(hostRow(1, { webLink }))).toMatchObject([{ link: '' }]);
  });

  it('is shown without characters a terminal would obey', async () => {
    const [row] = await pulled(hostRow(1, { hostName: undefined, summary: 'a\u001b[31m\nb.example' }));
    expect(row).toMatchObject({ summary: 'a [31m b.example', terms: [] });
    expect(row?.invalid).not.toBeNull();
  });

  it('does not repeat the secret', async () => {
    const [row] = await pulled(hostRow(1, { summary: `x ${SECRET} y`, tags: { data: [{ name: SECRET }] } }));
    expect(JSON.stringify(row)).not.toContain(JSON.stringify(SECRET).slice(1, -1));
    expect(row?.tags).toEqual(['(key)']);
  });

  it('is left as it is where it only begins or ends like the secret', async () => {
    const part = SECRET.slice(0, 9);
    const values = { summary: `print.${part}`, ownerName: part, tags: { data: [{ name: `a ${part}` }] } };
    const [row] = await pulled(hostRow(1, values), hostRow(2, { summary: SECRET }));
    expect(row).toMatchObject({ summary: `print.${part}`, owner: part, tags: [`a ${part}`] });
  });

  it('is left as it is where the secret is so short that it may be a word', async () => {
    const { threatConnect } = await stage(
      () => ({ body: { data: [hostRow(1, { summary: 'test.example' })] } }),
      {},
      'test',
    );
    const page = await threatConnect.page('(id > 0)', null, NEVER);
    expect(page).toMatchObject({ ok: true, value: { rows: [{ summary: 'test.example' }] } });
  });
});

it('counts rows of other types, and takes an id once, as it was modified last', async () => {
  const newer = { lastModified: '2026-11-21T00:00:00Z', rating: 5 };
  const data = [
    hostRow(1, newer),
    hostRow(1),
    hostRow(2),
    hostRow(2, newer),
    hostRow(3, { type: 'URL', summary: 'http://a.example/' }),
    { ...hostRow(4, { type: 'Mutex' }), id: undefined },
  ];
  const { threatConnect } = await stage(() => ({ body: { data, status: 'Success' } }));
  const page = await threatConnect.page('(id > 0)', null, NEVER);
  expect(page).toMatchObject({
    ok: true,
    value: {
      skipped: 2,
      next: null,
      rows: [
        { id: 1, rating: 5 },
        { id: 2, rating: 5 },
      ],
    },
  });
});

it.each([
  ['ownerName', { ownerName: undefined }, { owner: '' }],
  ['rating', { rating: 'high' }, {}],
  ['confidence', { confidence: -1 }, {}],
  ['falsePositives', { falsePositives: [] }, {}],
  ['tags', { tags: 'a,b' }, {}],
  ['active', { active: 'perhaps' }, {}],
  ['lastModified', { lastModified: 'yesterday' }, {}],
  ['summary', { summary: undefined }, { summary: '' }],
  ['type', { type: null }, {}],
  ['type', { type: 7, hostName: undefined }, { type: null }],
])('a row whose %s cannot be read is one unreadable indicator, and others are read', async (field, change, told) => {
  const { threatConnect } = await stage(() => ({
    body: { data: [hostRow(1), hostRow(2, change), hostRow(3)], status: 'Success' },
  }));
  const why = `Indicator 2 cannot be read: what ThreatConnect tells as its ${field} is not as documented.`;
  const page = await threatConnect.page('(id > 0)', null, NEVER);
  expect(page.ok ? { ...page.value, rows: page.value.rows.map(({ id }) => id) } : page).toEqual({
    rows: [1, 3],
    skipped: 0,
    unreadable: [{ id: 2, type: 'Host', summary: 'h2.example', owner: 'Acme', why, ...told }],
    unidentified: [],
    next: null,
  });
});

it('rows without a usable id are told by their owners', async () => {
  const data = [
    hostRow(1),
    hostRow(2, { id: undefined }),
    hostRow(3, { id: 0, ownerName: 'Other' }),
    hostRow(4, { id: 'x', ownerName: 7 }),
    'nothing',
    hostRow(5),
  ];
  const { threatConnect } = await stage(() => ({ body: { data, status: 'Success' } }));
  const page = await threatConnect.page('(id > 0)', null, NEVER);
  expect(
    page.ok ? [page.value.rows.map(({ id }) => id), page.value.unreadable, page.value.unidentified] : page,
  ).toEqual([[1, 5], [], ['Acme', 'Other', '', '']]);
});

it('a readable state of an indicator counts, not one that cannot be read', async () => {
  const data = [hostRow(1, { rating: 'high' }), hostRow(1), hostRow(1, { rating: -1 })];
  const { threatConnect } = await stage(() => ({ body: { data, status: 'Success' } }));
  expect(await threatConnect.page('(id > 0)', null, NEVER)).toMatchObject({
    ok: true,
    value: { rows: [{ id: 1 }], unreadable: [] },
  });
});

it.each([
  ['no list', { status: 'Success' }],
  ['something else', { data: { id: 1 }, status: 'Success' }],
])('an answer with %s in the place of its rows is none', async (_, body) => {
  const { threatConnect } = await stage(() => ({ body }));
  expect(await threatConnect.page('(id > 0)', null, NEVER)).toMatchObject({
    ok: false,
    fault: { kind: 'answer', isPassing: false },
  });
});

function isMapped(parts: readonly number[]): boolean {
  return parts.slice(0, 5).every((part) => part === 0) && parts[5] === 0xffff;
}

function expanded(text: string): number[] {
  const [head = '', tail] = text.split('::');
  const numbers = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const [left, right] = [numbers(head), numbers(tail ?? '')];
  return tail === undefined ? left : [...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right];
}
