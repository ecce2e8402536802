import { createHash } from 'node:crypto';
import { draw, makePages } from '#test/unit/formats/containers/pdf/make-pdf.ts';
import { buildZip } from '#test/unit/formats/containers/zip/build-zip.ts';
import type { Seed } from './corpus.ts';
import type { Dice } from './dice.ts';

const KINDS = ['md5', 'sha1', 'sha256'] as const;
const NAMES = [
  'a.exe',
  'C:\\Temp\\b c.dll',
  '/usr/bin/ü',
  '=cmd|x',
  '"q"',
  '<b>',
  "it's",
  'a,b;c|d\te',
  '\u202egpj.exe',
];
const KEYS = ['sha256', 'md5', 'sha1', 'hash', 'Hashes', 'file', 'value', 'id', 'type', 'imphash', 'pattern', 'name'];
const TURNS = 12;

/** A digest of one of few files, so that duplicates occur; sometimes broken, of another kind or upper-case. */
function digest(dice: Dice): string {
  const hex = createHash(dice.pick(KINDS))
    .update(String(dice.below(40)))
    .digest('hex');
  return dice.pick([hex, hex, hex, hex, hex.toUpperCase(), hex.slice(1), `${hex}0`, '', 'n/a']);
}

function lines(dice: Dice, line: () => string): string {
  return `${Array.from({ length: dice.below(TURNS) + 1 }, line).join(dice.pick(['\n', '\r\n']))}\n`;
}

const name = (dice: Dice): string => dice.pick(NAMES);
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

function table(dice: Dice): string {
  const mark = dice.pick([',', ';', '\t', '|']);
  const cell = (text: string): string => (dice.chance(0.8) ? `"${text.replaceAll('"', '""')}"` : text);
  const head = `name${mark}${dice.pick(KINDS)}${mark}${dice.pick(KEYS)}\n`;
  return head + lines(dice, () => [name(dice), digest(dice), digest(dice)].map(cell).join(mark));
}

function jsonValue(dice: Dice, depth: number): unknown {
  const turn = depth > 5 ? dice.below(4) : dice.below(8);
  if (turn < 3) {
    return digest(dice);
  }
  if (turn === 3) {
    return dice.pick([name(dice), null, true, 1e300, -0, '\ud800', 'SHA-256', 'file']);
  }
  const length = dice.below(5);
  if (turn === 4) {
    return Array.from({ length }, () => jsonValue(dice, depth + 1));
  }
  return Object.fromEntries(Array.from({ length }, () => [dice.pick(KEYS), jsonValue(dice, depth + 1)]));
}

function json(dice: Dice): string {
  const document = (): string => JSON.stringify(jsonValue(dice, 0));
  return dice.chance(0.5) ? document() : lines(dice, document);
}

function pattern(dice: Dice, depth = 0): string {
  const one = `${dice.chance(0.1) ? 'NOT ' : ''}file:hashes.${dice.pick(["'SHA-256'", 'MD5', "'SHA-1'", '"x"'])} ${dice.pick(['=', '!=', 'IN', 'LIKE'])} '${digest(dice)}'`;
  return depth > 3 || dice.chance(0.5)
    ? one
    : `(${pattern(dice, depth + 1)}) ${dice.pick(['AND', 'OR', 'FOLLOWEDBY'])} ${pattern(dice, depth + 1)}`;
}

function stix(dice: Dice): string {
  const objects = Array.from({ length: dice.below(TURNS) }, (_, index) => {
    const id = `indicator--00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
    const file = { type: 'file', id, name: name(dice), hashes: { 'SHA-256': digest(dice), MD5: digest(dice) } };
    return dice.chance(0.5) ? file : { type: 'indicator', id, pattern_type: 'stix', pattern: `[${pattern(dice)}]` };
  });
  return JSON.stringify({ type: 'bundle', id: 'bundle--00000000-0000-4000-8000-000000000000', objects });
}

function misp(dice: Dice): string {
  const attribute = () => ({
    type: dice.pick(['md5', 'sha256', 'filename|sha1', 'malware-sample', 'comment', 'imphash', 'ssdeep']),
    value: dice.pick([digest(dice), `${name(dice)}|${digest(dice)}`]),
    deleted: dice.chance(0.1),
    comment: name(dice),
  });
  const many = (): object[] => Array.from({ length: dice.below(TURNS) }, attribute);
  return JSON.stringify({
    Event: { info: name(dice), Attribute: many(), Object: [{ name: 'file', Attribute: many() }] },
  });
}

function html(dice: Dice): string {
  const row = (): string =>
    `<tr><td>${escaped(name(dice))}</td><td>${digest(dice)}</td><td><code>${digest(dice)}</code></tr>`;
  return `<!doctype html><title>x</title><p>${digest(dice)}</p><table><tr><th>name<th>MD5<th>x</tr>${lines(dice, row)}</table>`;
}

function prose(dice: Dice): string {
  const cut = (text: string): string => {
    const at = dice.below(text.length);
    return text.slice(0, at) + dice.pick(['\n', '-\n', ' \r\n> ', '=\n', '\u200b', ' ', '\u00ad', '']) + text.slice(at);
  };
  return lines(
    dice,
    () =>
      `Seen ${name(dice)} with ${dice.chance(0.5) ? cut(digest(dice)) : digest(dice)}, hxxp://a[.]b/${digest(dice)}`,
  );
}

function tool(dice: Dice): string {
  return lines(dice, () =>
    dice.pick([
      `${digest(dice)}  ${name(dice)}`,
      `\\${digest(dice)} *${name(dice)}`,
      `SHA256 (${name(dice)}) = ${digest(dice)}`,
      `SHA1(${name(dice)})= ${digest(dice)}`,
      `12,${digest(dice)},${digest(dice)},${name(dice)}`,
      'Hashes: ' + KINDS.map((kind) => `${kind.toUpperCase()}=${digest(dice)}`).join(','),
      '%%%% HASHDEEP-1.0\n%%%% size,md5,sha256,filename',
      `MD5 hash of ${name(dice)}:\n${digest(dice)}\nCertUtil: -hashfile command completed successfully.`,
      `Algorithm : MD5\nHash      : ${digest(dice)}\nPath      : ${name(dice)}\n`,
      `Package: x\nMD5sum: ${digest(dice)}\nSHA256: ${digest(dice)}\n`,
      `<Event><EventData><Data Name='Hashes'>SHA256=${digest(dice)}</Data></EventData></Event>`,
      `<Indicator><IndicatorItem condition="is"><Context search="FileItem/Md5sum"/><Content type="md5">${digest(dice)}</Content></IndicatorItem></Indicator>`,
    ]),
  );
}

function pages(dice: Dice): Buffer {
  const page = (): string =>
    Array.from({ length: dice.below(TURNS) }, (_, row) => draw(prose(dice).slice(0, 120), 20, 20 + row * 14)).join('');
  return Buffer.from(makePages(Array.from({ length: dice.below(3) + 1 }, page)));
}

const TEXTS = { table, json, stix, misp, html, prose, tool } as const;
type TextShape = keyof typeof TEXTS;
const SHAPES = Object.keys(TEXTS) as TextShape[];

/** A text of one of the shapes people drop, with broken, doubled and hostile values in it. */
export function makeText(dice: Dice): Seed {
  const shape = dice.pick(SHAPES);
  return { name: `made ${shape}`, bytes: Buffer.from(TEXTS[shape](dice)) };
}

/** A text, or one inside a zip or a PDF. */
export function makeDocument(dice: Dice): Seed {
  if (dice.chance(0.85)) {
    return makeText(dice);
  }
  if (dice.chance(0.5)) {
    return { name: 'made pdf', bytes: pages(dice) };
  }
  const members = Array.from({ length: dice.below(4) + 1 }, (_, index) => {
    const method = dice.pick([0, 8] as const);
    return { name: `${index} ${name(dice)}`, data: dice.chance(0.7) ? makeText(dice).bytes : pages(dice), method };
  });
  return { name: 'made zip', bytes: buildZip(members) };
}
