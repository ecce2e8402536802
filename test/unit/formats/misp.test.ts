import { describe, expect, it } from 'vitest';
import { readAll } from './collect.ts';
import { md5, sha1, sha256, sha512 } from './digests.ts';

const attribute = (type: string, value: string, more: object = {}): object => ({
  id: '7',
  type,
  category: 'Payload delivery',
  to_ids: true,
  uuid: '5f1a2b3c-0000-4000-8000-000000000007',
  event_id: '3',
  comment: '',
  value,
  ...more,
});
const event = (attributes: object[], more: object = {}): object => ({
  Event: {
    id: '3',
    info: 'Campaign of May',
    uuid: '5f1a2b3c-0000-4000-8000-000000000001',
    Attribute: attributes,
    RelatedEvent: [{ Event: { info: 'Another one', id: '4' } }],
    Tag: [{ name: 'tlp:amber' }, { name: 'type:OSINT' }],
    ...more,
  },
});
const read = (value: object) => {
  const text = JSON.stringify(value, null, 1);
  const found = readAll(text);
  expect(found.recognition).toMatchObject({ format: 'misp', isList: true });
  expect(found.counted).toBe(found.reported);
  const { recognition: _, ...whole } = found;
  const { recognition: __, ...cut } = readAll(text, {}, [13, 64]);
  expect(cut).toEqual(whole);
  return found;
};

describe('MISP attributes', () => {
  it('carry category, event, tags and their own id', () => {
    const found = read({
      response: [
        event([
          attribute('sha256', sha256(1), { comment: 'first stage' }),
          attribute('filename|md5', `a|b.exe|${md5(2)}`, { to_ids: false, Tag: [{ name: 'tlp:red' }] }),
          attribute('malware-sample', `c.exe|${md5(3)}`),
        ]),
        event([attribute('sha1', sha1(4))], { info: 'Later', Tag: [] }),
      ],
    });
    expect(found.recognition.why).toBe('an event with attributes');
    expect(found.hashes.map(({ digests, carried }) => [...digests, carried[0], ...carried.slice(3, 8)])).toEqual([
      [sha256(1), '', 'Payload delivery', 'true', 'first stage', 'Campaign of May', 'tlp:amber, type:OSINT'],
      [md5(2), 'a|b.exe', 'Payload delivery', 'false', '', 'Campaign of May', 'tlp:red, tlp:amber, type:OSINT'],
      [md5(3), 'c.exe', 'Payload delivery', 'true', '', 'Campaign of May', 'tlp:amber, type:OSINT'],
      [sha1(4), '', 'Payload delivery', 'true', '', 'Later', ''],
    ]);
    expect(found.hashes[0]?.carried[8]).toBe('5f1a2b3c-0000-4000-8000-000000000007');
  });

  it('of other kinds are rows without a hash, or counted by name', () => {
    const found = read(
      event([
        attribute('sha256', sha256(1)),
        attribute('ip-dst', '198.51.100.7'),
        attribute('sha512', sha512(1)),
        attribute('imphash', md5(2)),
        attribute('filename|authentihash', `x.exe|${sha256(3)}`),
        attribute('x509-fingerprint-sha1', sha1(4)),
        attribute('md5', md5(5).slice(1)),
        attribute('link', `https://www.virustotal.com/gui/file/${sha256(6)}/detection`),
        attribute('text', 'none', { comment: `dropped ${md5(7)}` }),
      ]),
    );
    expect(found.hashes.map(({ digests }) => digests[0])).toEqual([sha256(1), sha256(6), md5(7)]);
    expect(found.without.length).toBe(5);
    expect(found.rejected.map(({ reason }) => reason)).toEqual([
      'md5: 31 hex digits; MD5 has 32, SHA-1 40, SHA-256 64',
    ]);
    expect(found.notDigests).toEqual({ sha512: 1, imphash: 1, authentihash: 1, 'certificate hash': 1 });
  });

  it('that are deleted are rows without a hash', () => {
    const found = read(
      event([
        attribute('sha256', sha256(1)),
        attribute('sha256', sha256(2), { deleted: true, comment: `once ${md5(9)}` }),
        attribute('filename|md5', `a.exe|${md5(3)}`, { deleted: '1' }),
        attribute('sha1', sha1(4), { deleted: false }),
        attribute('md5', md5(5), { deleted: '0' }),
        attribute('ip-dst', '198.51.100.7', { deleted: true }),
      ]),
    );
    expect(found.hashes.map(({ digests }) => digests[0])).toEqual([sha256(1), sha1(4), md5(5)]);
    expect(found.without.map(({ reason }) => reason)).toEqual(Array(3).fill('deleted in MISP'));
  });

  it('found by a search name their event', () => {
    const found = read({ response: { Attribute: [attribute('md5', md5(1), { Event: { id: '3', info: 'Found' } })] } });
    expect(found.hashes.map(({ carried }) => carried[6])).toEqual(['Found']);
  });
});

describe('MISP objects', () => {
  const object = (name: string, attributes: object[]): object => ({
    id: '1',
    name,
    uuid: '5f1a2b3c-0000-4000-8000-000000000009',
    Attribute: attributes,
  });

  it('are one file each', () => {
    const found = read(
      event([], {
        Object: [
          object('file', [
            attribute('md5', md5(1)),
            attribute('sha1', sha1(1)),
            attribute('sha256', sha256(1)),
            attribute('filename', 'drop.exe'),
            attribute('size-in-bytes', '512'),
            attribute('ssdeep', '3:abcdefgh0123:xyz12'),
            attribute('malware-sample', `drop.exe|${md5(1)}`),
          ]),
          object('pe-section', [attribute('md5', md5(2)), attribute('text', '.text')]),
          object('domain-ip', [attribute('domain', 'example.test')]),
          object('file', [attribute('md5', md5(3)), attribute('md5', md5(4))]),
        ],
      }),
    );
    expect(found.hashes.map(({ digests, carried }) => [...digests, ...carried.slice(0, 2), carried[6]])).toEqual([
      [sha256(1), sha1(1), md5(1), 'drop.exe', '512', 'Campaign of May'],
      [md5(3), '', '', 'Campaign of May'],
      [md5(4), '', '', 'Campaign of May'],
    ]);
    expect(found.hashes[0]?.carried[7]).toBe('tlp:amber, type:OSINT');
    expect(found.notDigests).toEqual({ ssdeep: 1, 'section hash': 1 });
    expect(found.without.length).toBe(2);
  });

  it('that are deleted, or whose attributes are, give nothing', () => {
    const gone = attribute('sha256', sha256(2), { deleted: true });
    const found = read(
      event([], {
        Object: [
          object('file', [attribute('md5', md5(1)), gone]),
          { deleted: true, ...object('file', [attribute('md5', md5(3)), attribute('sha1', sha1(3))]) },
          { ...object('file', [attribute('md5', md5(4))]), deleted: true },
          object('file', [gone]),
          {
            deleted: true,
            ...object(
              'file',
              Array.from({ length: 300 }, (_, index) => attribute('md5', md5(index))),
            ),
          },
        ],
      }),
    );
    expect(found.hashes.map(({ digests }) => digests)).toEqual([[md5(1)]]);
    expect(found.without.map(({ reason }) => reason)).toEqual([
      'deleted in MISP',
      'deleted in MISP',
      'no hash in this entry',
      'deleted in MISP',
    ]);
    expect(found.notDigests['deleted attribute']).toBeGreaterThanOrEqual(2);
  });

  it('cut anywhere keep what came before', () => {
    const text = JSON.stringify(
      event([attribute('md5', md5(9))], { Object: [object('file', [attribute('md5', md5(1))])] }),
    );
    for (let end = 1; end < text.length; end += 1) {
      const found = readAll(text.slice(0, end), { format: 'misp' });
      expect(found.counted).toBe(found.reported);
      expect(found.faults.length).toBe(1);
    }
  });
});
