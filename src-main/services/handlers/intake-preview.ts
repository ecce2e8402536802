import { stat } from 'node:fs/promises';
import { basename, isAbsolute, resolve, sep } from 'node:path';
import type { InputFileView, PreviewSource } from '#shared/contract/intake.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { formatCatalogue } from '../../formats/catalogue.ts';
import type { Previewed } from '../intake/reading/preview/preview-source.ts';
import type { FeatureHandlers, HandlerParts } from './parts.ts';

/**
 * How an input would be read, before it is. Looks at its beginning only and keeps nothing. One look at a time: a window has
 * one dialog that shows it, so that the next one ends the one before.
 */
export function intakePreviewHandlers(
  parts: Pick<HandlerParts, 'intakes' | 'handles'>,
): Pick<FeatureHandlers<'intake'>, 'intake.preview' | 'intake.endPreview' | 'intake.formats'> {
  let looking = new AbortController();
  return {
    'intake.formats': () => ({ formats: [...formatCatalogue()] }),
    'intake.endPreview': () => {
      looking.abort();
      return {};
    },
    'intake.preview': async ({ from, reading }) => {
      looking.abort();
      looking = new AbortController();
      const { signal } = looking;
      const located = from.kind === 'text' ? from : await pathOf(from, parts);
      if (located.kind === 'answer') {
        return located.answer;
      }
      return parts.intakes.preview({ from: located, reading }, signal);
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
    const reason = `${input.name} lies inside ${input.inside}. What lies in it is shown with it.`;
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

function none(reason: string): Previewed {
  return { preview: null, reason };
}
