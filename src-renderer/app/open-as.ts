import { PREVIEW_CHARACTERS } from '#shared/domain/preview-size.ts';
import type { PreviewSource, Reading } from '#shared/contract/intake.ts';
import { call, registerFiles } from '../bridge/client.ts';
import { chooseFiles } from './choose-files.ts';
import { openIntake, sayFault, useApp } from './store.ts';

/** What is about to be read, once somebody has said how. */
export type Opening =
  | { readonly kind: 'files'; readonly handle: string; readonly names: readonly string[] }
  | { readonly kind: 'text'; readonly text: string };

/** Lets files be chosen and shows how they begin before they are read. */
export async function chooseOpenAs(): Promise<void> {
  try {
    const files = await chooseFiles();
    if (files.length === 0) {
      return;
    }
    const { handle, names } = await registerFiles(files);
    useApp.setState({ overlay: 'open-as', opening: { kind: 'files', handle, names } });
  } catch (error) {
    sayFault(error);
  }
}

/** Shows how a text begins before it is read. */
export function openTextAs(text: string): void {
  useApp.setState({ overlay: 'open-as', opening: { kind: 'text', text } });
}

/** Reads what was shown into a new intake and opens it. */
export async function readOpening(opening: Opening, reading: Reading): Promise<void> {
  try {
    const { intakeId } =
      opening.kind === 'files'
        ? await call('intake.start', { handle: opening.handle, reading })
        : await call('intake.startText', { text: opening.text, title: 'Pasted text', reading });
    openIntake(intakeId);
  } catch (error) {
    sayFault(error);
  }
}

/** Where the beginning of one of the files, or of the text, is found. */
export function previewSource(opening: Opening, input: number): PreviewSource {
  return opening.kind === 'files'
    ? { kind: 'handle', handle: opening.handle, input }
    : { kind: 'text', text: opening.text.slice(0, PREVIEW_CHARACTERS) };
}
