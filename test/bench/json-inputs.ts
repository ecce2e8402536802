// JSON as several programs write it, invented: each input is about as many bytes as asked for. Used by json-speed.ts.
import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';

/** One kind of input: its text in pieces, from the first to the last. */
export interface JsonInput {
  readonly name: string;
  readonly file: string;
  pieces(): Generator<string>;
}

const hex = (kind: string, n: number): string => createHash(kind).update(`${kind}:${n}`).digest('hex');
const sha256 = (n: number): string => hex('sha256', n);
const sha1 = (n: number): string => hex('sha1', n);
const md5 = (n: number): string => hex('md5', n);
const uuid = (n: number): string => {
  const digits = md5(n);
  return [0, 8, 12, 16, 20].map((at, part) => digits.slice(at, [8, 12, 16, 20, 32][part])).join('-');
};
const time = (n: number): string => new Date(Date.UTC(2026, 9, 1) + n * 1733).toISOString();
const path = (n: number): string => `C:\\Program Files\\Tool ${n % 900}\\bin\\helper-${n}.exe`;

function endpointEvent(n: number): object {
  return {
    timestamp: time(n),
    eventId: uuid(n),
    eventType: 'processCreated',
    severity: 'Informational',
    machineId: sha1(n % 500),
    computerDnsName: `host-${n % 500}.corp.example`,
    osPlatform: 'Windows11',
    osVersion: '10.0.22631.4317',
    ipAddress: `10.1.${n % 250}.${(n >> 3) % 250}`,
    userName: `user${n % 300}`,
    userDomain: 'CORP',
    userSid: `S-1-5-21-1004336348-1177238915-682003330-${1000 + (n % 300)}`,
    processId: n % 65_536,
    processCreationTime: time(n - 3),
    processCommandLine: `"${path(n)}" --config "C:\\ProgramData\\Tool\\config-${n % 40}.json" --mode service --verbose`,
    FileName: `helper-${n}.exe`,
    FolderPath: path(n),
    SHA256: sha256(n % 60_000),
    SHA1: sha1(n % 60_000),
    MD5: md5(n % 60_000),
    FileSize: 4096 + (n % 9_000_000),
    signer: 'Example Software GmbH',
    isSigned: n % 3 !== 0,
    integrityLevel: 'Medium',
    tokenElevation: 'TokenElevationTypeDefault',
    InitiatingProcessFileName: 'services.exe',
    InitiatingProcessFolderPath: 'C:\\Windows\\System32\\services.exe',
    InitiatingProcessId: 820,
    InitiatingProcessParentFileName: 'wininit.exe',
    reportId: n,
  };
}

function elasticEvent(n: number): object {
  return {
    '@timestamp': time(n),
    event: { kind: 'event', category: ['process'], type: ['start'], dataset: 'endpoint.events.process', id: uuid(n) },
    host: { name: `host-${n % 500}`, os: { family: 'windows', version: '10.0.22631' }, ip: [`10.1.2.${n % 250}`] },
    user: { name: `user${n % 300}`, domain: 'CORP' },
    process: {
      pid: n % 65_536,
      executable: path(n),
      args: [path(n), '--mode', 'service'],
      hash: { md5: md5(n), sha1: sha1(n), sha256: sha256(n) },
    },
  };
}

function virusTotalObject(n: number): object {
  const engines = Array.from({ length: 70 }, (_, at) => [
    `Engine${at}`,
    {
      method: 'blacklist',
      engine_name: `Engine${at}`,
      engine_version: `1.${at}.${n % 9}`,
      engine_update: '20261101',
      category: (n + at) % 3 === 0 ? 'malicious' : 'undetected',
      result: (n + at) % 3 === 0 ? `Trojan.Generic.${at}` : null,
    },
  ]);
  const attributes = {
    md5: md5(n),
    sha1: sha1(n),
    sha256: sha256(n),
    size: n + 1000,
    meaningful_name: `helper-${n}.exe`,
    names: [`helper-${n}.exe`, path(n)],
    last_analysis_date: 1_790_000_000 + n,
    last_analysis_stats: { malicious: 24, undetected: 46 },
    last_analysis_results: Object.fromEntries(engines),
  };
  return { data: { id: sha256(n), type: 'file', links: { self: `https://files.example/${sha256(n)}` }, attributes } };
}

function stixObject(n: number): object {
  const common = { spec_version: '2.1', created: time(n), modified: time(n) };
  if (n % 3 === 2) {
    return {
      type: 'file',
      spec_version: '2.1',
      id: `file--${uuid(n)}`,
      hashes: { MD5: md5(n), 'SHA-1': sha1(n), 'SHA-256': sha256(n) },
      size: 1000 + n,
      name: `helper-${n}.exe`,
    };
  }
  const name = n % 2 === 0 ? ` AND file:name = 'helper-${n}.exe'` : '';
  return {
    type: 'indicator',
    ...common,
    id: `indicator--${uuid(n)}`,
    name: `File ${n}`,
    indicator_types: ['malicious-activity'],
    pattern: `[file:hashes.'SHA-256' = '${sha256(n)}'${name}]`,
    pattern_type: 'stix',
    valid_from: time(n),
    object_marking_refs: ['marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da'],
  };
}

function mispAttribute(n: number, type: string, value: string, more: object = {}): object {
  return {
    id: `${n}`,
    type,
    category: 'Payload delivery',
    to_ids: true,
    uuid: uuid(n),
    event_id: '3',
    distribution: '5',
    timestamp: `${1_790_000_000 + n}`,
    comment: n % 7 === 0 ? 'seen in the second wave' : '',
    sharing_group_id: '0',
    deleted: false,
    disable_correlation: false,
    value,
    ...more,
  };
}

function mispObject(n: number): object {
  const one = (relation: string, value: string, at: number): object =>
    mispAttribute(n * 4 + at, relation, value, { object_relation: relation });
  return {
    id: `${n}`,
    name: 'file',
    'meta-category': 'file',
    template_version: '24',
    event_id: '3',
    uuid: uuid(n),
    deleted: false,
    Attribute: [
      one('md5', md5(n), 0),
      one('sha1', sha1(n), 1),
      one('sha256', sha256(n), 2),
      one('filename', `h${n}.exe`, 3),
    ],
  };
}

/** Pieces of `make`, with something before, between and behind them, until there are `bytes`. */
function* upTo(
  bytes: number,
  make: (n: number) => string,
  around: { readonly before?: string; readonly between: string; readonly behind?: string },
): Generator<string> {
  let done = 0;
  yield around.before ?? '';
  for (let n = 0; done < bytes; n += 1) {
    const piece = (n === 0 ? '' : around.between) + make(n);
    done += piece.length;
    yield piece;
  }
  yield around.behind ?? '';
}

const line = (make: (n: number) => object) => (n: number) => `${JSON.stringify(make(n))}\n`;
const indented = (make: (n: number) => object) => (n: number) => JSON.stringify(make(n), null, 2);

function* mispEvent(bytes: number): Generator<string> {
  const info =
    '{"Event":{"id":"3","info":"Campaign of May","uuid":"5f1a2b3c-0000-4000-8000-000000000001","Attribute":[';
  const attribute = (n: number): string => JSON.stringify(mispAttribute(n, 'sha256', sha256(n)));
  yield* upTo(bytes * 0.7, attribute, { before: info, between: ',', behind: '],"Object":[' });
  const tags = '],"Tag":[{"name":"tlp:amber"},{"name":"type:OSINT"}]}}';
  yield* upTo(bytes * 0.3, (n) => JSON.stringify(mispObject(1_000_000 + n)), { between: ',', behind: tags });
}

/** The inputs, each of about `bytes`. */
export function jsonInputs(bytes: number): readonly JsonInput[] {
  const search = { before: '{"took":12,"hits":{"total":9,"hits":[\n', between: ',\n', behind: ']}}\n' };
  const bundle = { before: `{"type":"bundle","id":"bundle--${uuid(0)}","objects":[`, between: ',', behind: ']}' };
  const input = (name: string, file: string, pieces: () => Generator<string>): JsonInput => ({ name, file, pieces });
  const found = (n: number): object => ({ _index: 'logs', _id: uuid(n), _source: elasticEvent(n) });
  return [
    input('endpoint events', 'endpoint.jsonl', () => upTo(bytes, line(endpointEvent), { between: '' })),
    input('Elastic events', 'elastic.jsonl', () => upTo(bytes, line(elasticEvent), { between: '' })),
    input('search result', 'search.json', () => upTo(bytes, indented(found), search)),
    input('VirusTotal objects', 'virustotal.jsonl', () => upTo(bytes, line(virusTotalObject), { between: '' })),
    input('VirusTotal, indents', 'virustotal.json', () => upTo(bytes, indented(virusTotalObject), { between: '\n' })),
    input('STIX bundle', 'stix.json', () => upTo(bytes, (n) => JSON.stringify(stixObject(n)), bundle)),
    input('MISP event', 'misp.json', () => mispEvent(bytes)),
    input('array', 'array.json', () =>
      upTo(bytes, (n) => `"${sha256(n)}"`, { before: '[', between: ',', behind: ']' }),
    ),
  ];
}

export function writePieces(file: string, pieces: Iterable<string>): void {
  const handle = openSync(file, 'w');
  try {
    let batch = '';
    for (const piece of pieces) {
      batch += piece;
      if (batch.length > 1 << 20) {
        writeSync(handle, batch);
        batch = '';
      }
    }
    writeSync(handle, batch);
  } finally {
    closeSync(handle);
  }
}
