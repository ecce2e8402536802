import { useEffect, useState } from 'react';
import type { IntakePreview, PreviewSource, Reading } from '#shared/contract/intake.ts';
import { call } from '../../../bridge/client.ts';
import { useCall, type CallState } from '../../../bridge/use-call.ts';
import { AS_RECOGNISED, readingOf, type ReadingChoice } from './choice.ts';

type Formats = readonly { readonly id: string; readonly label: string; readonly kind: 'list' | 'container' }[];

/** A preview with the choice it follows. */
export interface Previewing {
  readonly choice: ReadingChoice;
  readonly setChoice: (choice: ReadingChoice) => void;
  readonly reading: Reading;
  readonly formats: Formats;
  /** The one shown: it stays while the next of the same input is on its way. */
  readonly preview: IntakePreview | null;
  readonly reason: string;
  readonly error: string | null;
  readonly loading: boolean;
}

const NO_FORMATS: Formats = [];

/** A choice of reading and how the input's beginning would be read by it. A null source shows nothing. */
export function usePreview(from: PreviewSource | null): Previewing {
  const [choice, setChoice] = useState<ReadingChoice>(AS_RECOGNISED);
  // Names are those of the table the columns were chosen in.
  const [names, setNames] = useState<readonly string[]>([]);
  const formats = useCall('intake.formats', {}).value?.formats ?? NO_FORMATS;
  const containers = new Set(formats.filter(({ kind }) => kind === 'container').map(({ id }) => id));
  const reading = readingOf(choice, names, containers);
  const isSample = reading.as === 'sample';
  const state: CallState<{ preview: IntakePreview | null; reason: string }> = useCall(
    'intake.preview',
    from === null || isSample ? null : { from, reading },
  );
  useEffect(
    () => () => {
      // Nobody looks any more. That the window may be closing, and the engine gone, is nobody's concern.
      call('intake.endPreview', {}).catch(() => undefined);
    },
    [],
  );
  const isOther = useIsOfAnother(from, !isSample, state.loading);
  const preview = isSample || isOther ? null : (state.value?.preview ?? null);
  return {
    choice,
    setChoice: (next) => {
      setNames(preview?.columns.map(({ name }) => name) ?? []);
      setChoice(next);
    },
    reading,
    formats,
    preview,
    reason: isSample
      ? 'The file itself is hashed; nothing in it is read as a list.'
      : isOther || (state.loading && state.value === null)
        ? 'Looking at how it begins…'
        : (state.value?.reason ?? ''),
    error: isSample || isOther ? null : state.error,
    loading: state.loading,
  };
}

/** True while what was answered last is about another input. `isAsked` unless nothing is asked about this one. */
function useIsOfAnother(from: PreviewSource | null, isAsked: boolean, isLoading: boolean): boolean {
  const asked = JSON.stringify(from);
  const [answered, setAnswered] = useState(asked);
  if (isAsked && !isLoading && answered !== asked) {
    setAnswered(asked);
  }
  return isLoading && answered !== asked;
}
