import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { PanelData } from '#shared/contract/usage.ts';
import type { Panel } from '#shared/domain/usage/panels.ts';
import { counted } from '../components/words.ts';
import type { ChartModel } from './chart-model.ts';
import type { Zone } from './chart-words.ts';
import { useCursorAt, type CursorAt, type Cursors } from './cursors.tsx';
import { intervalAt, middleOf, stretchOf } from './intervals.ts';
import { Readout, readoutSentence } from './readout.tsx';
import type { Selection } from './use-reading.ts';

interface Props {
  readonly chart: string;
  readonly panel: Panel;
  readonly data: PanelData;
  readonly model: ChartModel;
  readonly zone: Zone;
  readonly cursors: Cursors;
}

/** The line, band and readout over a plot. It alone is rendered when the cursor moves. */
export function CursorLayer({ selection, ...props }: Props & { readonly selection: Selection | null }): ReactNode {
  const { chart, data, cursors } = props;
  const line = useRef<HTMLDivElement>(null);
  const cursor = useCursorAt(cursors);
  const index = cursor === null ? null : intervalAt(data, cursor.at);
  const percent = (at: number): number => ((at - data.from) / (data.to - data.from)) * 100;
  const band = selection === null ? null : stretchOf(data, selection.anchor, selection.head);
  return (
    <>
      {band === null ? null : (
        <div
          className="chartband"
          style={{ left: `${percent(band.from)}%`, width: `${percent(band.to) - percent(band.from)}%` }}
        />
      )}
      {index === null ? null : (
        <>
          <div ref={line} className="chartline" style={{ left: `${percent(middleOf(data, index))}%` }} />
          {cursor?.chart === chart ? <Readout {...props} index={index} line={line} /> : null}
        </>
      )}
    </>
  );
}

/** Rest after a key before it is read out: who holds an arrow down hears where they came to. */
const REST_MS = 250;

/** Says what the keys came to. Pointers are not followed: who uses one sees the readout. */
export function Announcer({ selection, ...props }: Props & { readonly selection: Selection | null }): ReactNode {
  const cursor = useCursorAt(props.cursors);
  const [words, setWords] = useState('');
  const next = announcement(props, cursor, selection);
  useEffect(() => {
    const timer = setTimeout(() => setWords(next), REST_MS);
    return () => clearTimeout(timer);
  }, [next]);
  return (
    <span className="visually-hidden" aria-live="polite">
      {words}
    </span>
  );
}

function announcement(props: Props, cursor: CursorAt | null, selection: Selection | null): string {
  if (cursor?.chart !== props.chart || cursor.by !== 'keys') {
    return '';
  }
  const index = intervalAt(props.data, cursor.at);
  return index === null ? '' : `${chosenWords(props.data, selection)}${readoutSentence({ ...props, index })}`;
}

function chosenWords(data: PanelData, selection: Selection | null): string {
  if (selection === null) {
    return '';
  }
  const { from, to } = stretchOf(data, selection.anchor, selection.head);
  return `${counted(Math.round((to - from) / data.stepSeconds), 'interval')} chosen, Enter takes them. `;
}
