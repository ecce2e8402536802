import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { writeStreamed } from '../../destinations/write-streamed.ts';
import type { FeatureHandlers, HandlerParts } from './parts.ts';

/** The team's list: paging, changes with undo, import with preview, export. */
export function hashListHandlers(parts: HandlerParts): FeatureHandlers<'hashList'> {
  const { hashList } = parts;
  return {
    'hashList.page': ({ query, offset, limit }) => hashList.page(query, { offset, limit }),
    'hashList.add': (input) => hashList.add(input),
    'hashList.addText': (input) => hashList.addText(input),
    'hashList.addRows': async ({ intakeId, entries, ...rest }) => {
      const groups = await parts.intakes.digestsOf(intakeId, entries);
      return hashList.add({ ...rest, groups, expiresAt: null });
    },
    'hashList.update': (input) => hashList.update(input),
    'hashList.remove': (input) => hashList.remove(input.ids),
    'hashList.undo': (input) => hashList.undo(input.changeId),
    'hashList.preview': (input) => {
      const [only, more] = parts.handles.inputs(input.handle);
      if (only === undefined || more !== undefined || only.kind === 'stream') {
        throw new AppError('INVALID_ARGUMENT', 'One CSV file is needed here.');
      }
      const file =
        only.kind === 'text'
          ? { name: only.name, chunks: oneChunk(only.text) }
          : { name: basename(only.path), chunks: createReadStream(only.path) };
      return hashList.preview(file, { mode: input.mode, settle: input.settle, skipMalformed: input.skipMalformed });
    },
    'hashList.import': (input) => hashList.import(input.token),
    'hashList.export': async () => {
      const path = await parts.saveTarget.choose('hash-list.csv');
      if (path === null) {
        return { path: null, rows: 0 };
      }
      const { lines } = await writeStreamed(path, hashList.exportCsv());
      return { path, rows: Math.max(0, lines - 1) };
    },
    'hashList.audit': ({ id, offset, limit }) => hashList.audit(id, { offset, limit }),
  };
}

async function* oneChunk(text: string): AsyncIterable<Uint8Array> {
  yield Buffer.from(text, 'utf8');
}
