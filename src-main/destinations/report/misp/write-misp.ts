import { isoTime } from '../../jsonl-rows.ts';
import { carriedFacts } from '../facts/carried-facts.ts';
import { jsonText } from '../facts/json-text.ts';
import { type TlpLevel, stricter } from '../facts/tlp.ts';
import { uuidText, uuidV5Bytes } from '../../../platform/uuid-v5.ts';
import { ASSAY_NAMESPACE } from '../facts/namespace.ts';
import { headObject } from '../head-object.ts';
import { manifestText } from '../manifest.ts';
import type { ReportContent, ReportHead } from '../port.ts';
import { eventReport } from './event-report.ts';
import { fileObjects } from './file-object.ts';

/**
 * One event as MISP exports and imports it (misp-project.org/misp-core-format), one object a line: a `file` object for each
 * row, tags, and an event report with the statement; beside the event everything the report states, as data, and the
 * manifest. The event is neither published nor shared with others; whoever imports it decides that. UUIDs follow from the
 * report, so that a second import changes nothing. Records that are no rows are counted, not listed.
 */
export async function* writeMisp({ head, rows }: ReportContent): AsyncGenerator<string> {
  const event = uuidV5Bytes(ASSAY_NAMESPACE, JSON.stringify(head));
  const read = carriedFacts(head.columns);
  const context = { head, event };
  let strictest: TlpLevel | null = null;
  let between = '\n';

  yield `{"Event":${jsonText(eventFacts(head, event)).slice(0, -1)},"Attribute":[],"Object":[`;
  for await (const batch of rows) {
    let text = '';
    for (const row of batch) {
      const carried = read(row.carried);
      strictest = stricter(strictest, carried.tlp);
      for (const object of fileObjects(row, carried, context)) {
        text += `${between}${jsonText(object)}`;
        between = ',\n';
      }
    }
    yield text;
  }
  const tags = [
    'assay:report',
    ...(head.simulated ? ['assay:simulated'] : []),
    ...(head.intake.embargo ? ['assay:embargo'] : []),
    ...(strictest === null ? [] : [strictest.toLowerCase()]),
  ].map((name) => ({ name }));
  const statement = {
    uuid: uuidText(uuidV5Bytes(event, 'event report')),
    name: 'Statement',
    content: eventReport(head),
    distribution: '5',
    timestamp: String(head.madeAt),
  };
  yield `],\n"Tag":${jsonText(tags)},\n"EventReport":[${jsonText(statement)}]},\n`;
  yield `"assay_report":${jsonText(headObject(head))},\n"assay_manifest":${manifestText(head)}}\n`;
}

function eventFacts(head: ReportHead, event: Buffer): Readonly<Record<string, unknown>> {
  const { title, caseName } = head.statement;
  const name = [caseName, title === '' ? head.intake.title : title].filter((part) => part !== '').join(': ');
  return {
    uuid: uuidText(event),
    info: `${head.simulated ? 'Simulated: ' : ''}${name === '' ? `Intake ${head.intake.id}` : name}`,
    date: isoTime(head.madeAt).slice(0, 10),
    timestamp: String(head.madeAt),
    // Undefined: how dangerous the whole is no verdict on single files tells.
    threat_level_id: '4',
    analysis: head.rowCounts.pending > 0 ? '1' : '2',
    distribution: '0',
    published: false,
    Orgc: { uuid: uuidText(uuidV5Bytes(ASSAY_NAMESPACE, 'organisation')), name: 'Assay' },
  };
}
