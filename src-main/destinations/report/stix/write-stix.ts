import type { Trouble } from '../../../services/intake/port.ts';
import { carriedFacts } from '../facts/carried-facts.ts';
import { jsonText } from '../facts/json-text.ts';
import { manifestText } from '../manifest.ts';
import type { ReportContent, ReportHead } from '../port.ts';
import { rowFacts } from '../facts/row-facts.ts';
import { groupedDigits } from '../facts/grouped-digits.ts';
import { headObject } from '../head-object.ts';
import { type TlpLevel, stricter } from '../facts/tlp.ts';
import { uuidText, uuidV5Bytes } from '../../../platform/uuid-v5.ts';
import { ASSAY_NAMESPACE } from '../facts/namespace.ts';
import {
  EXTENSION,
  EXTENSION_ID,
  type StixObject,
  makers,
  stated,
  stixTime,
  tlpId,
  tlpMarking,
} from './frame-objects.ts';
import { References } from './refs.ts';
import { rowObjects } from './row-objects.ts';

/** Markings of their own kind that the report takes over from its rows. */
const MOST_MARKINGS = 1000;

/**
 * A STIX 2.1 bundle (docs.oasis-open.org/cti/stix/v2.1), one object a line: identities, the definition of Assay's
 * extension, the objects of every row, the markings in use, and at the end the report that names them all and carries
 * statement, accounting, inputs, records that are no rows, and the manifest.
 */
export async function* writeStix({ head, rows, troubles }: ReportContent): AsyncGenerator<string> {
  const report = uuidV5Bytes(ASSAY_NAMESPACE, JSON.stringify(head));
  const identities = makers(head, report);
  const createdBy = identities.at(-1)?.id ?? '';
  const references = new References(report);
  const read = carriedFacts(head.columns);
  const context = { head, report, createdBy, time: stixTime(head.madeAt), facts: rowFacts(head) };
  const levels = new Set<TlpLevel>();
  const markings = new Set<string>();

  yield `{"type":"bundle","id":"bundle--${uuidText(uuidV5Bytes(report, 'bundle'))}","objects":[\n`;
  yield objectLines([...identities, EXTENSION]);
  for await (const batch of rows) {
    const objects = batch.flatMap((row) => {
      const carried = read(row.carried);
      if (carried.tlp !== null) {
        levels.add(carried.tlp);
      }
      if (markings.size < MOST_MARKINGS) {
        carried.markingIds.forEach((id) => markings.add(id));
      }
      return rowObjects(row, carried, context, references);
    });
    yield objectLines(objects);
  }
  yield objectLines([...levels].map((level) => tlpMarking(level)));
  const strictest = [...levels].reduce<TlpLevel | null>((level, one) => stricter(level, one), null);
  const marked = [...(strictest === null ? [] : [tlpId(strictest)]), ...markings];
  yield beginOf(reportObject(head, report, createdBy, [...new Set(marked)]));
  yield `,"object_refs":[${identities.map(({ id }) => `\n"${id}"`).join(',')}`;
  for (const ids of references.ids()) {
    yield ids.map((id) => `,\n"${id}"`).join('');
  }
  yield `],"extensions":{"${EXTENSION_ID}":{"extension_type":"property-extension","assay_report":`;
  yield beginOf(stated(headObject(head)));
  yield* listedTroubles(troubles);
  yield `},"assay_manifest":${manifestText(head)}}}}]}\n`;
}

function reportObject(head: ReportHead, report: Buffer, createdBy: string, marked: readonly string[]): StixObject {
  const time = stixTime(head.madeAt);
  const { title, note } = head.statement;
  const { embargo } = head.intake;
  const labels = [...(head.simulated ? ['simulated'] : []), ...(embargo ? ['embargo'] : [])];
  const name = title === '' ? head.intake.title : title;
  return {
    type: 'report',
    spec_version: '2.1',
    id: `report--${uuidText(report)}`,
    created_by_ref: createdBy,
    created: time,
    modified: time,
    ...(labels.length === 0 ? {} : { labels }),
    ...(marked.length === 0 ? {} : { object_marking_refs: marked }),
    name: `${head.simulated ? 'Simulated: ' : ''}${name === '' ? `Intake ${head.intake.id}` : groupedDigits(name)}`,
    description: [
      groupedDigits(note),
      `${head.rows} rows: ${head.selection}.`,
      embargo ? 'Embargo: no hash of it may be asked about outside.' : '',
      ...head.problems,
    ]
      .filter((text) => text !== '')
      .join('\n'),
    report_types: ['observed-data'],
    published: time,
  };
}

/** As a further member, which is left out where everything was read. */
async function* listedTroubles(troubles: AsyncIterable<readonly Trouble[]>): AsyncGenerator<string> {
  const begin = ',"notRead":[\n';
  let between = begin;
  for await (const batch of troubles) {
    yield batch
      .map((trouble) => {
        const line = `${between}${jsonText(stated(trouble))}`;
        between = ',\n';
        return line;
      })
      .join('');
  }
  yield between === begin ? '' : ']';
}

function objectLines(objects: readonly StixObject[]): string {
  return objects.map((object) => `${jsonText(object)},\n`).join('');
}

/** An object as JSON up to its closing brace. */
function beginOf(object: StixObject): string {
  return jsonText(object).slice(0, -1);
}
