import { isoTime, jsonlRows } from '../../jsonl-rows.ts';
import { headObject } from '../head-object.ts';
import { manifestText } from '../manifest.ts';
import type { ReportAnswer, ReportContent, ReportHead, ReportRow } from '../port.ts';

/**
 * A report as JSON, one object per line: the head with everything the report states, a line per row, a line per record
 * that is no row, and at last the manifest with the seal. Times are ISO 8601 in UTC.
 *
 * What a report says beside the rows' own digests stands below the keys `assay_report` and `assay_manifest`: whoever reads
 * the file as a list of hashes can leave that out as a whole, for it holds digests of inputs and texts people wrote.
 */
export async function* writeJsonl({ head, rows, troubles }: ReportContent): AsyncGenerator<string> {
  yield `{"assay_report":${JSON.stringify({ head: headObject(head) })}}\n`;
  const toText = jsonlRows(head.columns, head.madeAt, head.simulated, membersOf(head));
  for await (const batch of rows) {
    let text = '';
    for (const row of batch) {
      text += toText(row);
    }
    yield text;
  }
  for await (const batch of troubles) {
    yield batch.map((trouble) => `{"assay_report":${JSON.stringify({ notRead: trouble })}}\n`).join('');
  }
  yield `{"assay_manifest":${manifestText(head)}}\n`;
}

/** What a report adds to a row, as one member. */
function membersOf(head: ReportHead): (row: ReportRow) => string {
  const sets = head.sets.map(({ name, edition, mark, errorRate }) =>
    JSON.stringify({ name, edition, mark, ...(errorRate === null ? {} : { possible: true }) }).slice(0, -1),
  );
  return ({ triaged, digestLink, answers, sets: hits, listEntries, note, tags }) => {
    const { status, rule, source, answeredAt } = triaged;
    const at = answeredAt === null ? 'null' : `"${isoTime(answeredAt)}"`;
    const by = source === null ? 'null' : `"${source}"`;
    const known = hits.map(
      (hit) =>
        `${sets[hit.set] ?? '{"name":""'},"matchedBy":"${hit.matchedBy}"${hit.asserted === undefined ? '' : ',"link":"asserted"'}}`,
    );
    return (
      `"assay_report":{"triaged":{"verdict":"${status}","rule":"${rule}","source":${by},"answeredAt":${at}},` +
      `"digestLink":"${digestLink}","answers":[${answers.map(answerText).join(',')}],"knownSets":[${known.join(',')}],` +
      `"hashList":${listOf(listEntries)},"tags":${listOf(tags)},"note":${JSON.stringify(note)}},`
    );
  };
}

function listOf(values: readonly unknown[]): string {
  return values.length === 0 ? '[]' : JSON.stringify(values);
}

function answerText({ scannedAt, ...answer }: ReportAnswer): string {
  return JSON.stringify({ ...answer, answeredAt: scannedAt === null ? null : isoTime(scannedAt) });
}
