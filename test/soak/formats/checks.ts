import { createHash } from 'node:crypto';
import type { Engine } from '#main/services/engine-port.ts';
import { FORMATS } from '#main/formats/registry.ts';
import { diceOf, type Dice } from './dice.ts';
import type { FuzzCase } from './fuzz-case.ts';
import { holdsDigits, plainText } from './plain-text.ts';
import { checkReport } from './report-checks.ts';
import { comparable, digestsOf, inputOf, readOnce, streamOf, type Outcome } from './read-case.ts';

/** What an input was checked by: where its data is, and faults in the background while it was read. */
export interface CheckPlace {
  readonly engine: Engine;
  readonly folder: string;
  /** Takes out what was told of since the last time. */
  faults(): readonly string[];
}

/** What was found about one input. */
export interface Checked {
  /** Sentences about what does not hold; none: everything does. */
  readonly wrong: readonly string[];
  /** The format of each input that came of it. */
  readonly formats: readonly string[];
  readonly reads: number;
}

const TEXT_FORMATS: ReadonlySet<string> = new Set(FORMATS.map(({ id }) => id));
const MOST_CUTS = 400;
/** Of how many inputs one is written as a report, and read as a sample. */
const REPORT_SHARE = 0.04;
const SAMPLE_SHARE = 0.05;

/** Reads one input in several ways and compares. Throws nothing: a defect is something that does not hold. */
export async function check(one: FuzzCase, place: CheckPlace): Promise<Checked> {
  const wrong: string[] = [];
  const formats: string[] = [];
  // Choices of one check do not move those of another, so that an input can be made smaller and fail in the same way.
  const dice = (of: number): Dice => diceOf(one.seed + of, one.number);
  let reads = 0;
  const read = async (...[input, reading]: [Parameters<typeof readOnce>[1], FuzzCase['reading']]): Promise<Outcome> => {
    reads += 1;
    return readOnce(place.engine, input, reading);
  };
  try {
    const whole = await read(inputOf(one, place.folder), one.reading);
    formats.push(...whole.inputs.map(({ format }) => format));
    wrong.push(...ofAccounting(whole), ...ofDigest(one, whole), ...ofText(one, whole));
    wrong.push(
      ...(await ofChunks(one, whole, dice(1), read)),
      ...(await ofTruncation(one, whole, dice(2), read, place.engine)),
    );
    if (dice(3).chance(SAMPLE_SHARE)) {
      wrong.push(...ofSample(one, await read(inputOf({ ...one, door: 'path' }, place.folder), { as: 'sample' })));
    }
    const reportDice = dice(4);
    if (reportDice.chance(REPORT_SHARE)) {
      wrong.push(...(await checkReport(whole, reportDice, place)));
    }
    await forgetAll(place.engine);
  } catch (error) {
    wrong.push(`defect: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
  wrong.push(...place.faults().map((what) => `fault in the background: ${what}`));
  return { wrong, formats, reads };
}

type Read = (input: Parameters<typeof readOnce>[1], reading: FuzzCase['reading']) => Promise<Outcome>;

function ofAccounting({ summary, inputs, rows }: Outcome): string[] {
  const { records, hashes, duplicates, withoutHash, rejected, balanced } = summary.accounting;
  const wrong: string[] = [];
  if (summary.state !== 'ready' && summary.state !== 'failed') {
    wrong.push(`the intake ended as ${summary.state}`);
  }
  if (summary.state === 'failed' && summary.fault === null) {
    wrong.push('the intake failed without a reason');
  }
  if (!balanced) {
    const counts = inputs.map((input) => `${input.format}: ${input.records} counted, ${JSON.stringify(input.counts)}`);
    wrong.push(`the independent count disagrees: ${counts.join('; ')}`);
  }
  if (records !== hashes + duplicates + withoutHash + rejected) {
    wrong.push(`records do not add up: ${JSON.stringify(summary.accounting)}`);
  }
  if (hashes <= 5_000 && rows.length !== hashes) {
    wrong.push(`${hashes} hashes are accounted for, ${rows.length} rows are shown`);
  }
  return wrong;
}

/** The bytes as they come in: a text has none but those of its characters. */
function contentOf({ bytes, door }: FuzzCase): Buffer {
  return door === 'text' ? Buffer.from(bytes.toString('utf8')) : bytes;
}

function ofDigest(one: FuzzCase, { summary }: Outcome): string[] {
  const content = contentOf(one);
  const isRight = summary.sha256 === null || summary.sha256 === createHash('sha256').update(content).digest('hex');
  return isRight ? [] : [`the SHA-256 of the input is not ${summary.sha256}`];
}

/** Every digest said to stand in a text does stand there. */
function ofText(one: FuzzCase, { inputs, hashes }: Outcome): string[] {
  const [input, ...others] = inputs;
  if (input === undefined || others.length > 0 || !TEXT_FORMATS.has(input.format) || hashes.size === 0) {
    return [];
  }
  const content = contentOf(one);
  const text = plainText(content, input.encoding);
  const holds = holdsDigits(text);
  // XML of FCIV writes digests in base64.
  const holdsBase64 = (hash: string): boolean =>
    input.format === 'file-xml' && text.includes(Buffer.from(hash, 'hex').toString('base64'));
  const missing = text === '' ? [] : [...hashes].filter((hash) => !holds(hash) && !holdsBase64(hash));
  return missing.length === 0 ? [] : [`${input.format}: not in the text: ${missing.slice(0, 3).join(', ')}`];
}

async function ofChunks(one: FuzzCase, whole: Outcome, dice: Dice, read: Read): Promise<string[]> {
  if (one.door === 'text' || one.bytes.length === 0) {
    return [];
  }
  const reference = one.door === 'stream' ? whole : await read(streamOf(one.bytes), one.reading);
  const isBytewise = one.bytes.length < MOST_CUTS && dice.chance(0.3);
  const cuts = isBytewise
    ? Array.from(one.bytes.keys())
    : Array.from({ length: dice.below(MOST_CUTS) }, () => dice.below(one.bytes.length));
  const cut = await read(streamOf(one.bytes, cuts), one.reading);
  const [expected, found] = [comparable(reference), comparable(cut)];
  return expected === found ? [] : [`cut in chunks it reads differently: ${firstDifference(expected, found)}`];
}

/** The beginning of a text holds no digest that the whole does not hold, but for one that was cut. */
async function ofTruncation(one: FuzzCase, whole: Outcome, dice: Dice, read: Read, engine: Engine): Promise<string[]> {
  const [input, ...others] = whole.inputs;
  if (input === undefined || others.length > 0 || !TEXT_FORMATS.has(input.format) || one.bytes.length < 2) {
    return [];
  }
  const content = contentOf(one);
  const bytes = content.subarray(0, dice.below(content.length));
  const reading = { as: 'list', format: input.format } as const;
  const same = await read(streamOf(content), reading);
  const begin = await read(streamOf(bytes), reading);
  const [all] = same.inputs;
  const [cut] = begin.inputs;
  if (same.inputs.length > 1 || all?.format !== cut?.format || all?.name !== cut?.name) {
    // An archive as bytes: one that has lost the list of its files is read by the headers in front of them.
    return [];
  }
  const wrong = ofAccounting(begin);
  const isAlike = JSON.stringify(begin.inputs[0]?.digestColumns) === JSON.stringify(same.inputs[0]?.digestColumns);
  const known = await digestsOf(engine, same);
  const added = [...begin.hashes].filter((hash) => !known.has(hash));
  if (isAlike && begin.inputs[0]?.encoding === same.inputs[0]?.encoding && added.length > 1) {
    wrong.push(
      `${input.format}: cut after ${bytes.length} bytes it adds ${added.length} digests: ${added.slice(0, 3).join(', ')}`,
    );
  }
  return wrong;
}

function ofSample({ bytes }: FuzzCase, { hashes, summary }: Outcome): string[] {
  const digest = createHash('sha256').update(bytes).digest('hex');
  const isRight = summary.state === 'ready' && hashes.size === 1 && hashes.has(digest);
  return isRight ? [] : [`as a sample it gives ${[...hashes].join(', ')} instead of ${digest} (${summary.state})`];
}

async function forgetAll(engine: Engine): Promise<void> {
  for (;;) {
    const { rows } = await engine.intakes.list({ offset: 0, limit: 100 });
    if (rows.length === 0) {
      return;
    }
    for (const { id } of rows) {
      await engine.intakes.forget(id);
    }
  }
}

function firstDifference(expected: string, found: string): string {
  const [left, right] = [expected.split('\n'), found.split('\n')];
  const at = left.findIndex((line, index) => line !== right[index]);
  return `${left[at]?.trim() ?? 'nothing'} became ${right[at]?.trim() ?? 'nothing'}`.slice(0, 600);
}
