import { join } from 'node:path';
import { IntakeBuilder } from '#main/intakes/intake-builder.ts';
import { IntakeFile } from '#main/intakes/intake-file.ts';
import { type ModelRecord, inputView, report } from './record-model.ts';

let files = 0;

/** An intake of one input with these records, written into a folder and opened. */
export function openRecords(folder: string, records: readonly ModelRecord[]): IntakeFile {
  files += 1;
  const path = join(folder, `${files}.acol`);
  const builder = new IntakeBuilder(path);
  const sink = builder.startInput(['a', 'b', 'c']);
  records.forEach((record) => report(sink, record));
  builder.finish([inputView('input')]);
  return new IntakeFile(path);
}
