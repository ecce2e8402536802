import { basename, isAbsolute, resolve, sep } from 'node:path';
import { stat } from 'node:fs/promises';
import type { InputFileView, IntakePreview, PreviewSource, Reading } from '#shared/contract/intake.ts';
import { AppError, isAppError } from '#shared/errors/app-error.ts';
import { formatCatalogue } from '../../formats/catalogue.ts';
import { fileSource } from '../../formats/containers/byte-source.ts';
import { recogniseContainer } from '../../formats/containers/recognise-container.ts';
import { findContainer } from '../../formats/containers/registry.ts';
import { fileChunks, textChunks } from '../intake/reading/chunks.ts';
import { formatTools } from '../intake/reading/format-tools.ts';
import { previewInput } from '../intake/reading/preview.ts';
import { reasonOf } from '../intake/reading/reason.ts';
import type { FeatureHandlers, HandlerParts } from './parts.ts';

type Previewed = { readonly preview: IntakePreview | null; readonly reason: string };

/** How an input would be read, before it is. Looks at its beginning only and keeps nothing. */
export function intakePreviewHandlers(
  parts: Pick<HandlerParts, 'intakes' | 'handles'>,
): Pick<FeatureHandlers<'intake'>, 'intake.preview' | 'intake.formats'> {
  return {
    'intake.formats': () => ({ formats: [...formatCatalogue()] }),
    'intake.preview': async ({ from, reading }) => {
      if (from.kind === 'text') {
        return previewed('Pasted text', textChunks(from.text), reading, true);
      }
      const path = await pathOf(from, parts);
      return path.kind === 'path' ? previewFile(path.path, reading) : path.answer;
    },
  };
}

type Located =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'answer'; readonly answer: Previewed | Promise<Previewed> };

async function pathOf(
  from: Exclude<PreviewSource, { kind: 'text' }>,
  { intakes, handles }: Pick<HandlerParts, 'intakes' | 'handles'>,
): Promise<Located> {
  if (from.kind === 'handle') {
    const input = handles.inputs(from.handle)[from.input];
    return input?.kind === 'path'
      ? { kind: 'path', path: resolve(input.path) }
      : { kind: 'answer', answer: none('Only files and pasted text can be looked at before they are read.') };
  }
  const [origin, { inputs }] = await Promise.all([intakes.origin(from.intakeId), intakes.get(from.intakeId)]);
  const input = inputs[from.input];
  if (input === undefined) {
    throw new AppError('NOT_FOUND', `Intake ${from.intakeId} has no input ${from.input + 1}.`);
  }
  if (origin.length === 0) {
    const reason = 'The original text was not kept. Paste it again to choose how it is read.';
    return { kind: 'answer', answer: none(reason) };
  }
  if (input.inside !== undefined) {
    const reason = `${input.name} lies inside ${input.inside}. What is inside is shown once it is read.`;
    return { kind: 'answer', answer: none(reason) };
  }
  const path = await originalOf(inputs, from.input, origin);
  return path === null
    ? { kind: 'answer', answer: none(`${input.name} is no longer where it was read from.`) }
    : { kind: 'path', path };
}

/**
 * Where an input was read from: a named file, or one in a named folder. Files of one name are told apart by their size,
 * then by their order. Null when it is not there any more.
 */
async function originalOf(
  inputs: readonly InputFileView[],
  index: number,
  origin: readonly string[],
): Promise<string | null> {
  const input = inputs[index];
  if (input === undefined) {
    return null;
  }
  if (isAbsolute(input.name)) {
    const isInside = origin.some((folder) => input.name.startsWith(`${resolve(folder)}${sep}`));
    return isInside ? input.name : null;
  }
  const named = origin.filter((path) => basename(path) === input.name);
  const sized = await Promise.all(
    named.map(async (path) => ({ path, size: (await stat(path).catch(() => null))?.size ?? -1 })),
  );
  const before = inputs.slice(0, index).filter((other) => other.name === input.name).length;
  const same = sized.filter(({ size }) => size === input.bytes);
  return (same[same.length > 1 ? before : 0] ?? sized[before] ?? sized[0])?.path ?? null;
}

async function previewFile(path: string, reading: Reading): Promise<Previewed> {
  const name = basename(path);
  try {
    const stats = await stat(path);
    if (stats.isDirectory()) {
      return none(`${name} is a folder. Its files are hashed; read as lists, each file is one.`);
    }
    if (!stats.isFile()) {
      return none(`${name} is no file that can be looked at twice.`);
    }
    const container = await containerReason(path, reading);
    return container === null ? await previewed(name, fileChunks(path), reading, false) : none(container);
  } catch (error) {
    if (isAppError(error) || typeof (error as NodeJS.ErrnoException).code !== 'string') {
      throw error;
    }
    return none(`${name} could not be read: ${reasonOf(error)}.`);
  }
}

/**
 * Why there are no rows of an archive, workbook or document yet; null for what is none. A list format that is asked for
 * goes to the lists inside, so that it makes no difference here.
 */
async function containerReason(path: string, reading: Reading): Promise<string | null> {
  if (reading.as === 'sample') {
    return null;
  }
  const asked = reading.format === undefined ? null : findContainer(reading.format);
  const source = await fileSource(path);
  try {
    const found = await recogniseContainer(source);
    const kind = asked ?? (found === null || found.opens === 'asked' ? null : found.kind);
    return kind === null ? null : `${kind.label}: what is inside is shown once it is read.`;
  } finally {
    await source.close();
  }
}

async function previewed(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
  reading: Reading,
  isText: boolean,
): Promise<Previewed> {
  return { preview: await previewInput(name, chunks, reading, formatTools, isText), reason: '' };
}

function none(reason: string): Previewed {
  return { preview: null, reason };
}
