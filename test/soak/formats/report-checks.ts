import { readFileSync, writeFileSync, rmSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { HexDigest } from '#shared/domain/hash.ts';
import type { ReportFormat } from '#shared/domain/report.ts';
import { csvRows } from '#main/destinations/csv-rows.ts';
import { jsonlRows } from '#main/destinations/jsonl-rows.ts';
import { writtenColumns, writtenMember } from '#main/destinations/written-rows.ts';
import type { CheckPlace } from './checks.ts';
import type { Dice } from './dice.ts';
import { mutate } from './mutate.ts';
import { digestsOf, never, readOnce, type Outcome } from './read-case.ts';
import { EVERY_ROW } from '../../every-row.ts';
import { zipMembers } from './zip-members.ts';

const FORMS: readonly ReportFormat[] = ['csv', 'jsonl', 'xlsx', 'stix', 'misp', 'html'];
/** Forms that give back exactly the hashes of their rows; a page states those of inputs as text besides. */
const READ_BACK: readonly ReportFormat[] = ['csv', 'jsonl', 'xlsx', 'stix', 'misp'];
const CHANGES = 6;
/** What people write about a report: markup, formulas, and hashes that are no row of it. */
const SAID = [
  '',
  'x',
  '=1+1',
  '"<b>&',
  '\u202e,;\n',
  'like d41d8cd98f00b204e9800998ecf8427e',
  'E'.repeat(64),
  '%%%% -->',
];

/** Writes a report of an intake, reads it again, verifies it, and verifies what was changed in it. */
export async function checkReport(whole: Outcome, dice: Dice, place: CheckPlace): Promise<string[]> {
  if (whole.hashes.size === 0 || whole.hashes.size !== whole.summary.accounting.hashes) {
    return [];
  }
  const format = dice.pick(FORMS);
  const path = join(place.folder, `report.${format}`);
  const beside = `${path}.manifest.json`;
  rmSync(beside, { force: true });
  const said = (): string => dice.pick(SAID);
  const statement = { title: said(), examiner: said(), caseName: said(), note: said() };
  const [hash = ''] = whole.hashes;
  const file = { [hash.length === 64 ? 'sha256' : hash.length === 40 ? 'sha1' : 'md5']: hash as HexDigest };
  await place.engine.annotations.write([file], { note: said(), add: ['fuzz'] }, () => undefined, never);
  const selection = { kind: 'query', query: EVERY_ROW } as const;
  await place.engine.reports.write(
    { intakeId: whole.summary.id, format, selection, statement },
    path,
    () => undefined,
    never,
  );
  const wrong = READ_BACK.includes(format) ? await ofReadBack(whole, format, path, place) : [];
  const first = await place.engine.reports.verify(path, () => undefined, never);
  if (first.outcome !== 'matches') {
    wrong.push(`a new report as ${format} is ${first.outcome}: ${first.sentence}`);
  }
  for (let turn = 0; turn < CHANGES; turn += 1) {
    const changed = dice.chance(0.3) && existsSync(beside) ? beside : path;
    wrong.push(...(await ofChanged(format, path, changed, dice, place)));
  }
  wrong.push(...(await ofRows(whole, dice.pick(['csv', 'jsonl']), place)));
  return wrong;
}

/** Writes the rows with notes and tags, as a terminal does, and reads them again. */
async function ofRows(whole: Outcome, format: 'csv' | 'jsonl', place: CheckPlace): Promise<string[]> {
  const { columns, id } = whole.summary;
  const csv = csvRows(columns, 0, false, writtenColumns);
  const toText = format === 'csv' ? csv.row : jsonlRows(columns, 0, false, writtenMember);
  const path = join(place.folder, `rows.${format}`);
  let text = format === 'csv' ? csv.header : '';
  for await (const batch of place.engine.intakes.batches(id, { kind: 'query', query: EVERY_ROW }, never)) {
    text += batch.map((row) => toText(row)).join('');
  }
  writeFileSync(path, text);
  return ofReadBack(whole, format, path, place, 'rows');
}

async function ofReadBack(
  whole: Outcome,
  format: ReportFormat,
  path: string,
  place: CheckPlace,
  what = 'a report',
): Promise<string[]> {
  const again = await readOnce(place.engine, { kind: 'path', path }, { as: 'auto' });
  const [before, after] = [await digestsOf(place.engine, whole), await digestsOf(place.engine, again)];
  const lost = [...before].filter((hash) => !after.has(hash));
  // STIX and MISP hold names of files, in which hashes are read as in any text.
  const carried = format === 'stix' || format === 'misp' ? whole.rows.join('\n').toLowerCase() : '';
  const added = [...after].filter((hash) => !before.has(hash) && !carried.includes(hash));
  return lost.length + added.length === 0 && again.summary.accounting.balanced
    ? []
    : [
        `${what} as ${format} read again (${again.inputs.map((input) => input.format).join(', ')}) lost ${lost.slice(0, 3).join(', ') || 'nothing'} ` +
          `and added ${added.slice(0, 3).join(', ') || 'nothing'}; balanced: ${again.summary.accounting.balanced}`,
      ];
}

async function ofChanged(
  format: ReportFormat,
  path: string,
  changed: string,
  dice: Dice,
  place: CheckPlace,
): Promise<string[]> {
  const original = readFileSync(changed);
  const { bytes, how } = mutate(original, dice, original);
  if (bytes.equals(original) || (format === 'xlsx' && isSameWorkbook(original, bytes))) {
    return [];
  }
  writeFileSync(changed, bytes);
  try {
    const { outcome, sentence } = await place.engine.reports.verify(path, () => undefined, never);
    if (outcome === 'matches') {
      const kept = join(place.folder, `verified.${format}`);
      writeFileSync(kept, bytes);
      return [`a report as ${format} changed by ${how} still verifies: ${sentence}`];
    }
    return [];
  } finally {
    writeFileSync(changed, original);
  }
}

/** True when a workbook's parts are the same, whatever became of the zip file around them. */
function isSameWorkbook(original: Buffer, changed: Buffer): boolean {
  const parts = (bytes: Buffer): string =>
    JSON.stringify(zipMembers(bytes).map(({ name, data }) => [name, data.toString('base64')]));
  return parts(original) === parts(changed);
}
