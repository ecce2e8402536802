import { describe, expect, it } from 'vitest';
import { readAll } from './collect.ts';
import { md5, sha1, sha256 } from './digests.ts';

const read = (text: string) => {
  const found = readAll(text, {}, [11, 3]);
  expect(found.counted).toBe(found.reported);
  return { ...found, taken: found.hashes.map(({ digests }) => digests) };
};

describe('digests of another file in a row', () => {
  it('are not joined to those of the file itself, be its own column empty', () => {
    const found = read(
      `FileName,SHA1,SHA256,InitiatingProcessSHA256\na,${sha1(1)},,${sha256(2)}\nb,${sha1(3)},,${sha256(4)}\n`,
    );
    expect(found.taken).toEqual([[sha1(1)], [sha1(3)]]);
    expect(found.recognition.why).toBe('header names SHA1; InitiatingProcessSHA256 carried only');
    const events = read(
      `process.hash.md5,process.hash.sha256,file.hash.sha1\n${md5(1)},${sha256(1)},${sha1(2)}\n${md5(3)},${sha256(3)},\n`,
    );
    expect(events.taken).toEqual([[sha1(2)]]);
    expect(events.without.map(({ line }) => line)).toEqual([3]);
  });

  it('are records of their own in tables of documents', () => {
    const rows = [
      ['a', md5(1), sha256(2), sha1(1)],
      ['b', '', sha256(3), ''],
    ];
    const markdown = `| Name | MD5 | Parent SHA256 | SHA1 |\n|---|---|---|---|\n${rows.map((row) => `| ${row.join(' | ')} |\n`).join('')}`;
    const html = `<table><tr><th>Name<th>MD5<th>Parent SHA256<th>SHA1${rows.map((row) => `<tr>${row.map((cell) => `<td>${cell}`).join('')}`).join('')}</table>`;
    for (const text of [markdown, html]) {
      const found = read(text);
      expect(found.taken).toEqual([[sha1(1), md5(1)], [sha256(2)], [sha256(3)]]);
      expect(found.hashes.map(({ carried: [name] }) => name)).toEqual(['a', '', '']);
      expect(found.another).toBe(1);
    }
  });
});

describe('the Elastic Common Schema', () => {
  it('has a hash of the log line under event, no file', () => {
    const event = { kind: 'event', hash: sha256(1), dataset: 'x' };
    const lines = [
      { event, file: { path: '/a', hash: { sha1: sha1(2), sha256: sha256(2) } } },
      { event, process: { executable: 'c:\\p', hash: { md5: md5(3) }, pe: { imphash: md5(4) } } },
      { event, dll: { path: 'c:\\d', hash: { sha256: sha256(5) } }, tls: { client: { hash: { sha1: sha1(6) } } } },
      { 'event.hash': sha256(1), 'file.hash.sha1': sha1(7), 'file.path': '/f', 'process.pe.imphash': md5(4) },
      { 'tls.server.hash.sha256': sha256(8), 'process.hash.md5': md5(9), 'process.parent.hash.md5': md5(10) },
      // Collectors of events put whatever they are told under this name.
      { event: { hash: sha256(11), file: 'a' } },
    ];
    const found = read(`${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
    expect(found.recognition.format).toBe('json');
    expect(found.taken).toEqual([
      [sha256(2), sha1(2)],
      [md5(3)],
      [sha256(5)],
      [sha1(7)],
      [md5(9)],
      [md5(10)],
      [sha256(11)],
    ]);
    expect(found.notDigests).toEqual({ 'event hash': 4, imphash: 2, 'certificate hash': 2 });
  });
});

describe('feeds in CSV', () => {
  const uuid = (seed: number): string => md5(seed).replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');

  it('of MISP, hash and event without a header, give the hash', () => {
    const found = read(`${md5(1)},${uuid(11)}\n${md5(2)},${uuid(12)}\n${sha256(3)},${uuid(13)}\n`);
    expect(found.recognition).toMatchObject({ format: 'csv', digestColumns: ['column 1'], isGuess: false });
    expect(found.taken).toEqual([[md5(1)], [md5(2)], [sha256(3)]]);
    expect(found.hashes[0]?.carried).toEqual([uuid(11)]);
  });

  it('of MISP attributes keep the name that stands in front of a hash', () => {
    const row = (type: string, value: string): string =>
      `"${uuid(9)}",1,"Payload delivery","${type}","${value}","",1\n`;
    const found = read(
      `uuid,event_id,category,type,value,comment,to_ids\n${row('filename|sha256', `a b.exe|${sha256(1)}`)}${row('md5', md5(2))}${row('malware-sample', `c|d.exe|${md5(3)}`)}${row('filename|imphash', `e.exe|${md5(4)}`)}`,
    );
    expect(found.recognition.carriedColumns.at(-1)).toBe('file name');
    expect(found.hashes.map(({ digests, carried }) => [digests[0], carried.at(-1)])).toEqual([
      [sha256(1), 'a b.exe'],
      [md5(2), ''],
      [md5(3), 'c|d.exe'],
    ]);
    expect(found.without.map(({ reason }) => reason)).toEqual(['filename|imphash is not looked up']);
  });

  it('of SSLBL hold hashes of certificates, none of files', () => {
    const found = read(
      `#########\n# abuse.ch SSLBL SSL Certificate Blacklist (SHA1 Fingerprints) #\n#########\n#\n# Listingdate,SHA1,Listingreason\n2023-07-20 13:36:28,${sha1(1)},Rhadamanthys C&C\n2023-07-20 13:36:28,${sha1(2)},Rhadamanthys C&C\n# END (2) entries\n`,
    );
    expect(found.recognition).toMatchObject({ format: 'csv', digestColumns: [] });
    expect(found.recognition.why).toBe('columns of SSLBL; header names SHA1: no digests of the file');
    expect(found.taken).toEqual([]);
    expect(found.without.map(({ line }) => line)).toEqual([6, 7]);
    expect(found.notDigests).toEqual({ 'certificate hash': 2 });
  });
});

describe('digests of other files in one indicator', () => {
  const indicator = (pattern: string): string =>
    JSON.stringify({
      type: 'bundle',
      id: 'bundle--12345678-1234-4123-8123-123456789012',
      objects: [{ type: 'indicator', id: 'indicator--1', pattern_type: 'stix', pattern }],
    });

  it('are not joined in a pattern of STIX: streams, parents, parts of mails and archives', () => {
    for (const other of [
      "file:extensions.'ntfs-ext'.alternate_data_streams[0].hashes",
      'file:content_ref.hashes',
      'process:parent_ref.image_ref.hashes',
      'email-message:body_multipart[*].body_raw_ref.hashes',
      'x-other:hashes',
    ]) {
      const found = read(
        indicator(
          `[file:hashes.MD5 = '${md5(1)}' AND ${other}.'SHA-256' = '${sha256(2)}' AND file:hashes.'SHA-1' = '${sha1(1)}' AND file:parent_directory_ref.path = 'C:' AND file:name = 'a']`,
        ),
      );
      expect(found.recognition.format).toBe('stix');
      expect([other, found.taken]).toEqual([other, [[sha1(1), md5(1)], [sha256(2)]]]);
      expect(found.hashes.map(({ carried: [name] }) => name)).toEqual(['a', '']);
    }
  });

  it('are records of their own where STIX lists the streams of a file', () => {
    const streams = [
      { name: 's', size: 5, hashes: { 'SHA-256': sha256(2), MD5: md5(2) } },
      { hashes: { 'SHA-1': sha1(3) } },
    ];
    const file = {
      type: 'file',
      name: 'a.exe',
      hashes: { 'SHA-256': sha256(1) },
      extensions: { 'ntfs-ext': { alternate_data_streams: streams } },
    };
    for (const objects of [
      [{ id: 'file--1', spec_version: '2.1', ...file }],
      [{ type: 'observed-data', id: 'observed-data--1', objects: { '0': file } }],
    ]) {
      const found = read(
        JSON.stringify({ type: 'bundle', id: 'bundle--12345678-1234-4123-8123-123456789012', objects }),
      );
      expect(found.hashes.map(({ digests, carried: [name] }) => [name, ...digests])).toEqual([
        ['s', sha256(2), md5(2)],
        ['', sha1(3)],
        ['a.exe', sha256(1)],
      ]);
    }
  });

  it('are not joined in OpenIOC: sections of memory, programs and libraries of services', () => {
    const item = (search: string, value: string): string =>
      `<IndicatorItem condition="is"><Context search="${search}"/><Content type="string">${value}</Content></IndicatorItem>`;
    const found = read(
      `<ioc xmlns="http://schemas.mandiant.com/2010/ioc" id="1"><definition><Indicator operator="AND">${item('ProcessItem/SectionList/MemorySection/Md5sum', md5(1))}${item('ProcessItem/SectionList/MemorySection/Sha1sum', sha1(1))}${item('ProcessItem/Sha256sum', sha256(2))}${item('ServiceItem/serviceDLLmd5sum', md5(3))}${item('ServiceItem/pathsha1sum', sha1(4))}</Indicator></definition></ioc>`,
    );
    expect(found.taken).toEqual([[sha1(1), md5(1)], [sha256(2)], [md5(3)], [sha1(4)]]);
  });

  it('are not joined in an object of MISP that names them so', () => {
    const attribute = (relation: string, type: string, value: string): object => ({
      object_relation: relation,
      type,
      value,
      category: 'Payload delivery',
      to_ids: true,
    });
    const found = read(
      JSON.stringify({
        Event: {
          info: 'x',
          Object: [
            {
              name: 'process',
              Attribute: [
                attribute('md5', 'md5', md5(1)),
                attribute('parent-sha256', 'sha256', sha256(2)),
                attribute('sha1', 'sha1', sha1(1)),
              ],
            },
          ],
        },
      }),
    );
    expect(found.recognition.format).toBe('misp');
    expect(found.taken).toEqual([[sha1(1), md5(1)], [sha256(2)]]);
  });
});
