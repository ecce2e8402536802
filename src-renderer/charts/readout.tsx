import { useLayoutEffect, useRef, type ReactNode, type RefObject } from 'react';
import { createPortal } from 'react-dom';
import type { PanelData } from '#shared/contract/usage.ts';
import type { Panel } from '#shared/domain/usage/panels.ts';
import type { ChartModel } from './chart-model.ts';
import { beforeWords, intervalWords, valueWords, type Zone } from './chart-words.ts';
import { PartMark } from './legend.tsx';

interface Props {
  readonly panel: Panel;
  readonly data: PanelData;
  readonly model: ChartModel;
  readonly zone: Zone;
  readonly index: number;
  /** The line it stands beside. */
  readonly line: RefObject<HTMLElement | null>;
}

const EDGE = 4;
const BESIDE = 8;

/** What an interval holds, beside the line and always inside the window. */
export function Readout({ panel, data, model, zone, index, line }: Props): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const place = (): void => {
      if (box.current !== null && line.current !== null) {
        beside(box.current, line.current.getBoundingClientRect());
      }
    };
    place();
    window.addEventListener('scroll', place, { capture: true, passive: true });
    return () => window.removeEventListener('scroll', place, { capture: true });
  });
  const known = model.parts.filter((part) => (part.values[index] ?? null) !== null);
  return createPortal(
    <div ref={box} className="readout" aria-hidden="true">
      <div className="readoutrow">
        <strong>{intervalWords(data.starts[index] ?? 0, data.stepSeconds, zone)}</strong>
        <strong>{valueWords(panel.unit, data.totals[index] ?? null)}</strong>
      </div>
      {data.split === 'none'
        ? null
        : known.map((part) => (
            <div key={part.key} className="readoutrow">
              <span>
                <PartMark part={part} />
                {part.label}
              </span>
              <span>{valueWords(panel.unit, part.values[index] ?? null)}</span>
            </div>
          ))}
      {data.before === null ? null : (
        <div className="readoutrow">
          <span>{beforeWords(data)}</span>
          <span>{valueWords(panel.unit, data.before.values[index] ?? null)}</span>
        </div>
      )}
    </div>,
    document.body,
  );
}

/** The same in one sentence, for people who do not see it. */
export function readoutSentence({ panel, data, model, zone, index }: Omit<Props, 'line'>): string {
  const value = (amount: number | null): string => valueWords(panel.unit, amount);
  const parts = model.parts
    .filter((part) => (part.values[index] ?? null) !== null)
    .map((part) => `${part.label} ${value(part.values[index] ?? null)}`);
  return [
    `${intervalWords(data.starts[index] ?? 0, data.stepSeconds, zone)}: ${value(data.totals[index] ?? null)}`,
    ...(data.split === 'none' ? [] : parts),
    ...(data.before === null ? [] : [`${beforeWords(data)} ${value(data.before.values[index] ?? null)}`]),
  ].join(', ');
}

function beside(box: HTMLElement, line: DOMRect): void {
  const { width, height } = box.getBoundingClientRect();
  const right = line.right + BESIDE;
  const left = right + width + EDGE <= window.innerWidth ? right : line.left - BESIDE - width;
  const top = Math.min(line.top, window.innerHeight - height - EDGE);
  box.style.left = `${Math.round(Math.max(EDGE, left))}px`;
  box.style.top = `${Math.round(Math.max(EDGE, top))}px`;
}
