import { crc32, gzipSync } from 'node:zlib';
import { buildZip } from '#test/unit/formats/containers/zip/build-zip.ts';
import type { Dice } from './dice.ts';
import { zipMembers } from './zip-members.ts';

/** Changes one input to another. `other` is a document of any shape. */
type Mutation = (bytes: Buffer, dice: Dice, other: Buffer) => Buffer;

/** Inputs are kept small, so that an hour holds many. */
const MOST_BYTES = 3 * 1024 * 1024;
const NUMBERS = ['0', '-1', '1', '65535', '65536', '2147483648', '4294967295', '18446744073709551615', '1e999', '٣'];
const TOKENS = [
  '"',
  "'",
  '\\',
  '\0',
  '\r',
  '\n\n',
  '\u2028',
  '\u202e',
  '\ufeff',
  '\ufffd',
  '<!--',
  ']]>',
  '&#x110000;',
  '&amp',
  '{',
  '}',
  '[',
  ']',
  '\\ud800',
  '\\u0000',
  ',,,',
  '\t',
  '%%%% ',
  '-----BEGIN PGP SIGNED MESSAGE-----\n',
  'Hash: ',
  '=',
  ' - ',
  'stream\n',
  'endobj',
  ' 0 R',
  'd41d8cd98f00b204e9800998ecf8427e',
  'DA39A3EE5E6B4B0D3255BFEF95601890AFD80709',
  '0'.repeat(64),
  'f'.repeat(63),
  'a'.repeat(128),
];
const OPENERS = ['[', '{"a":', '<a>', '(', '"', '<table><tr><td>', '> ', '[{"objects":', '<!--', 'PK\u0003\u0004'];

const flip: Mutation = (bytes, dice) => {
  const changed = Buffer.from(bytes);
  for (let turns = dice.below(8) + 1; turns > 0 && changed.length > 0; turns -= 1) {
    const at = dice.below(changed.length);
    changed.writeUInt8(changed.readUInt8(at) ^ (1 << dice.below(8)), at);
  }
  return changed;
};
const overwrite: Mutation = (bytes, dice) => {
  const changed = Buffer.from(bytes);
  const at = dice.below(bytes.length);
  return changed.fill(
    dice.pick([0, 0xff, 0x20, 0x41, dice.below(256)]),
    at,
    Math.min(bytes.length, at + dice.below(40)),
  );
};
const truncate: Mutation = (bytes, dice) => bytes.subarray(0, dice.below(bytes.length + 1));
const splice: Mutation = (bytes, dice, other) =>
  Buffer.concat([bytes.subarray(0, dice.below(bytes.length)), other.subarray(dice.below(other.length))]);
const join: Mutation = (bytes, dice, other) => Buffer.concat(dice.chance(0.5) ? [bytes, other] : [other, bytes]);
const double: Mutation = (bytes, dice) => {
  const from = dice.below(bytes.length);
  const block = bytes.subarray(from, from + dice.below(600));
  const times = dice.chance(0.1) ? 500 : dice.below(4) + 1;
  return Buffer.concat([bytes.subarray(0, from), ...Array.from({ length: times }, () => block), bytes.subarray(from)]);
};
const remove: Mutation = (bytes, dice) => {
  const from = dice.below(bytes.length);
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + dice.below(200))]);
};
const number: Mutation = (bytes, dice) => {
  const text = bytes.toString('latin1');
  const runs = [...text.matchAll(/\d{1,12}/g)];
  if (runs.length === 0) {
    return bytes;
  }
  const run = dice.pick(runs);
  return Buffer.from(text.slice(0, run.index) + dice.pick(NUMBERS) + text.slice(run.index + run[0].length), 'latin1');
};
const field: Mutation = (bytes, dice) => {
  const changed = Buffer.from(bytes);
  if (changed.length >= 8) {
    const at = dice.below(changed.length - 7);
    const value = dice.pick([0, 1, 0x7fff_ffff, 0xffff_ffff, 0xffff, changed.length, dice.below(0xffff_ffff)]);
    if (dice.chance(0.5)) {
      changed.writeUInt16LE(value & 0xffff, at);
    } else {
      changed.writeUInt32LE(value, at);
    }
  }
  return changed;
};
const encode: Mutation = (bytes, dice) => {
  const wide = Buffer.from(bytes.toString('utf8'), 'utf16le');
  const even = wide.subarray(0, wide.length - (wide.length % 2));
  return dice.pick([
    Buffer.concat([Buffer.from([0xff, 0xfe]), wide]),
    Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(even).swap16()]),
    Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]),
    wide,
    gzipSync(bytes, { level: 1 }),
    gzipSync(bytes, { level: 1 }).subarray(0, -dice.below(20) - 1),
  ]);
};
const lineEnds: Mutation = (bytes, dice) =>
  Buffer.from(
    bytes.toString('latin1').replaceAll(/\r?\n/g, dice.pick(['\r\n', '\r', '\n', '\n\r', '\u0085', ' '])),
    'latin1',
  );
const insert: Mutation = (bytes, dice) => {
  const at = dice.below(bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(dice.pick(TOKENS)), bytes.subarray(at)]);
};
const huge: Mutation = (bytes, dice) => {
  const at = dice.below(bytes.length + 1);
  const filling = Buffer.alloc(
    2 ** dice.below(21),
    dice.pick(['a', ' ', '0', 'ab,', '"', '\\', 'é', '<', '&', '\0', '\n', '|']),
  );
  return Buffer.concat([bytes.subarray(0, at), filling, bytes.subarray(at)]);
};
const nest: Mutation = (bytes, dice) => {
  const opening = Buffer.from(dice.pick(OPENERS).repeat(2 ** dice.below(15)), 'latin1');
  return dice.chance(0.5) ? Buffer.concat([opening, bytes]) : Buffer.concat([bytes, opening]);
};
const letters: Mutation = (bytes, dice) => {
  const text = bytes.toString('latin1');
  return Buffer.from(dice.chance(0.5) ? text.toUpperCase() : text.toLowerCase(), 'latin1');
};
/** Into a zip, and the members of a zip changed, so that what lies in it is reached though checksums are right. */
const wrap: Mutation = (bytes, dice, other) =>
  buildZip([
    { name: dice.pick(['a', '../a', 'a/b.txt', 'ü', '\u202etxt.exe']), data: bytes, method: dice.pick([0, 8]) },
    ...(dice.chance(0.5) ? [{ name: 'b', data: other, method: 8 as const }] : []),
  ]);
const inside: Mutation = (bytes, dice, other) => {
  const members = zipMembers(bytes);
  if (members.length === 0) {
    return bytes;
  }
  const chosen = dice.pick(members);
  return buildZip(
    members.map((member) => ({
      name: member.name,
      method: 8 as const,
      data: member === chosen ? dice.pick(SIMPLE)(member.data, dice, other) : member.data,
    })),
  );
};
/** A changed list of members of a 7z archive, with checksums that are right again. */
const mended: Mutation = (bytes, dice) => {
  if (bytes.length < 33 || bytes.readUInt16BE(0) !== 0x377a) {
    return bytes;
  }
  const changed = Buffer.from(bytes);
  const from = 32 + Number(changed.readBigUInt64LE(12));
  const length = Number(changed.readBigUInt64LE(20));
  if (length === 0 || from + length > changed.length) {
    return bytes;
  }
  for (let turns = dice.below(3) + 1; turns > 0; turns -= 1) {
    changed.writeUInt8(dice.below(256), from + dice.below(length));
  }
  changed.writeUInt32LE(crc32(changed.subarray(from, from + length)), 28);
  changed.writeUInt32LE(crc32(changed.subarray(12, 32)), 8);
  return changed;
};

const NAMED: Readonly<Record<string, Mutation>> = {
  flip,
  overwrite,
  truncate,
  splice,
  join,
  double,
  remove,
  number,
  field,
  encode,
  lineEnds,
  insert,
  huge,
  nest,
  letters,
};
/** What members of archives are changed by: inserting is twice as likely as the others. */
const SIMPLE: readonly Mutation[] = [...Object.values(NAMED), insert];
const ALL: readonly (readonly [name: string, mutation: Mutation])[] = [
  ...Object.entries({ ...NAMED, wrap }),
  ...Object.entries({ inside, mended }).flatMap((one) => [one, one, one, one]),
];

/** Changes a document one to four times; says how. */
export function mutate(bytes: Buffer, dice: Dice, other: Buffer): { readonly bytes: Buffer; readonly how: string } {
  const isZip = bytes.subarray(0, 2).toString('latin1') === 'PK';
  const isSevenZip = bytes.subarray(0, 2).toString('latin1') === '7z';
  const fitting = ALL.filter(([name]) => (name !== 'inside' || isZip) && (name !== 'mended' || isSevenZip));
  const names: string[] = [];
  let changed = bytes;
  for (let turns = dice.below(4) + 1; turns > 0 && changed.length < MOST_BYTES; turns -= 1) {
    const [name, mutation] = dice.pick(fitting);
    changed = mutation(changed, dice, other).subarray(0, MOST_BYTES);
    names.push(name);
  }
  return { bytes: changed, how: names.join(', ') };
}
