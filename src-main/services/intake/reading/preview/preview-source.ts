import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { IntakePreview, Reading } from '#shared/contract/intake.ts';
import { isAppError } from '#shared/errors/app-error.ts';
import { fileSource } from '../../../../formats/containers/byte-source.ts';
import { fileChunks, textChunks } from '../chunks.ts';
import { recognisedAs } from '../containers/container-input.ts';
import type { FormatTools } from '../formats.ts';
import { reasonOf } from '../reason.ts';
import { LookTime } from './look-time.ts';
import { previewContainer } from './preview-container.ts';
import { previewInput } from './preview-input.ts';

/** How long a look may take, in milliseconds: somebody waits for it. */
export const LOOK_MS = 2_000;

/** What is looked at, small enough to cross a thread. */
export interface PreviewTask {
  readonly from: { readonly kind: 'path'; readonly path: string } | { readonly kind: 'text'; readonly text: string };
  readonly reading: Reading;
}

/** A preview, or in a sentence why there is none. */
export interface Previewed {
  readonly preview: IntakePreview | null;
  readonly reason: string;
}

/**
 * How a file or a text would be read, by its beginning; of an archive, workbook or document by what lies in it. Takes
 * `withinMs` at the most where members are looked at. Rejects with INVALID_ARGUMENT for a format or column that is not
 * there.
 */
export async function previewSource(
  { from, reading }: PreviewTask,
  formats: FormatTools,
  signal: AbortSignal,
  withinMs: number = LOOK_MS,
): Promise<Previewed> {
  if (from.kind === 'text') {
    const preview = await previewInput('Pasted text', textChunks(from.text), { reading, formats, isList: true });
    return { preview, reason: '' };
  }
  const name = basename(from.path);
  try {
    const stats = await stat(from.path);
    if (stats.isDirectory()) {
      return none(`${name} is a folder. Its files are hashed; read as lists, each file is one.`);
    }
    if (!stats.isFile()) {
      return none(`${name} is no file that can be looked at twice.`);
    }
    return { preview: await previewFile(name, from.path, { reading, formats, signal, withinMs }), reason: '' };
  } catch (error) {
    if (isAppError(error) || typeof (error as NodeJS.ErrnoException).code !== 'string') {
      throw error;
    }
    return none(`${name} could not be read: ${reasonOf(error)}.`);
  }
}

interface FileLook {
  readonly reading: Reading;
  readonly formats: FormatTools;
  readonly signal: AbortSignal;
  readonly withinMs: number;
}

async function previewFile(name: string, path: string, look: FileLook): Promise<IntakePreview> {
  const { reading, formats } = look;
  const isList = reading.as === 'auto' ? null : reading.as === 'list';
  const asText = (): Promise<IntakePreview> => previewInput(name, fileChunks(path), { reading, formats, isList });
  if (reading.as === 'sample') {
    return asText();
  }
  const source = await fileSource(path);
  try {
    const found = await recognisedAs(source, reading);
    if (found === null) {
      return await asText();
    }
    if (found.opens === 'asked' && !found.isAsked) {
      // A program or a document: a sample, unless somebody wants to see inside.
      const preview = await asText();
      const { id: format, label } = found.kind;
      return { ...preview, alternatives: [{ format, label }, ...preview.alternatives] };
    }
    const time = new LookTime(look.withinMs, look.signal);
    return await previewContainer(name, source, found, { reading, formats, time });
  } finally {
    await source.close();
  }
}

function none(reason: string): Previewed {
  return { preview: null, reason };
}
