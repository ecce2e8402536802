import { join } from 'node:path';
import { IntakeBuilder } from '#main/intakes/intake-builder.ts';
import { IntakeFile } from '#main/intakes/intake-file.ts';
import { type ModelRecord, inputView, report } from './record-model.ts';

let files = 0;

/** An intake of inputs of these names that share the records in their order, written into a folder and opened. */
export function openRecords(
  folder: string,
  records: readonly ModelRecord[],
  names: readonly string[] = ['input'],
): IntakeFile {
  files += 1;
  const path = join(folder, `${files}.acol`);
  const builder = new IntakeBuilder(path);
  const each = Math.ceil(records.length / names.length);
  names.forEach((_, place) => {
    const sink = builder.startInput(['a', 'b', 'c']);
    records.slice(place * each, (place + 1) * each).forEach((record) => report(sink, record));
  });
  builder.finish(names.map(inputView));
  return new IntakeFile(path);
}
