import { describe, expect, it } from 'vitest';
import { readAll } from './collect.ts';
import { md5, sha1, sha256 } from './digests.ts';

const CEF = 'Jul  1 10:00:00 host CEF:0|Vendor|Sensor|1.0|100|Process created|5|';
const LEEF = 'Jul  1 10:00:00 host LEEF:2.0|Vendor|Sensor|1.0|4688|';

const read = (text: string) => {
  for (const sizes of [[1], [7, 64]]) {
    const cut = readAll(text, { format: 'text' }, sizes);
    expect(cut.counted).toBe(cut.reported);
  }
  const found = readAll(text, { format: 'text' });
  return { digests: found.hashes.map(({ digests }) => digests[0]), ...found };
};

describe('custom fields of events', () => {
  it.each([
    ['behind the value', `${CEF}cs1=${md5(1)} cs1Label=imphash cs2=${md5(2)} cs2Label=MD5`],
    ['in front of it', `${CEF}cs1Label=Import Hash cs1=${md5(1)} cs2Label=File MD5 cs2=${md5(2)}`],
    ['behind other fields', `${CEF}cs1=${md5(1)} cs2=${md5(2)} ${'x=y '.repeat(200)}cs2Label=MD5 cs1Label=imphash`],
    ['of full names', `${CEF}deviceCustomString3=${md5(1)} cs2=${md5(2)} deviceCustomString3Label=Authentihash`],
    ['in quotation marks', `devname="a" flexString1="${md5(1)}" cs2="${md5(2)}" flexString1Label="PE import hash"`],
    ['between tabs', `Jul 1 LEEF:1.0|V|P|1|2|cs1=${md5(1)}\tcs1Label=imphash\tfileHash=${md5(2)}`],
    ['as JSON in a text', `event {"cs1":"${md5(1)}","cs1Label":"imphash","cs2":"${md5(2)}"}`],
  ])('with a label %s: what it names is set aside', (_, event) => {
    const found = read(`${event}\n`);
    expect(found.digests).toEqual([md5(2)]);
    expect(Object.values(found.notDigests)).toEqual([1]);
  });

  it('of which nothing is a file: the event is a row without a hash', () => {
    const found = read(`${CEF}cs1=${md5(1)} cs1Label=imphash\n${CEF}fileHash=${sha256(1)} oldFileHash=${sha1(2)}\n`);
    expect(found.digests).toEqual([sha256(1), sha1(2)]);
    expect(found.without).toEqual([{ line: 1, reason: 'no hash in this line' }]);
  });

  it('keep their values where labels are missing, stand in other lines, or contradict each other', () => {
    const found = read(
      `${CEF}cs1=${md5(1)}\n${CEF}cs1Label=imphash\n${CEF}cs1=${md5(2)} cs2Label=imphash\n` +
        `${CEF}cs1=${md5(3)} cs1Label=imphash cs1Label=MD5\n${CEF}cs1=${md5(4)} cs1Label=MD5 cs2=imphash\n`,
    );
    expect(found.digests).toEqual([md5(1), md5(2), md5(3), md5(4)]);
  });

  it('are read in lines of several MiB as well, as far as these are read in one piece', () => {
    const long = `${'x=y '.repeat(200_000)}cs1=${md5(1)} cs1Label=imphash ${'x=y '.repeat(200_000)}cs2=${md5(2)}`;
    expect(read(`${CEF}${long}\n`).digests).toEqual([md5(2)]);
  });

  it('of LEEF have names of their own, behind tabs or the delimiter an event declares', () => {
    const found = read(
      `${LEEF}^|importHash=${md5(1)}^md5=${md5(2)}^authentihash=${sha256(1)}^cat=x\n${LEEF}x09|fileHash=${sha256(2)}\timphash=${md5(1)}\n`,
    );
    expect(found.digests).toEqual([md5(2), sha256(2)]);
    expect(found.notDigests).toEqual({ imphash: 2, authentihash: 1 });
  });

  it('of tables are judged row by row, by the column of their labels', () => {
    const found = readAll(
      [
        'Time,DeviceCustomString1,DeviceCustomString1Label,DeviceCustomString2,DeviceCustomString2Label',
        `1,${md5(1)},imphash,${md5(2)},MD5`,
        `2,${md5(3)},File MD5,${md5(1)},Import Hash`,
        `3,${md5(1)},imphash,,`,
        '',
      ].join('\n'),
    );
    expect(found.recognition.format).toBe('csv');
    expect(found.hashes.map(({ digests }) => digests)).toEqual([[md5(2)], [md5(3)]]);
    expect(found.notDigests).toEqual({ imphash: 3 });
    expect(found.without).toEqual([{ line: 4, reason: 'no hash in this row' }]);
    expect(found.counted).toBe(found.reported);
  });
});
