import { useMemo, type ReactNode } from 'react';
import type { PanelData } from '#shared/contract/usage.ts';
import type { Panel } from '#shared/domain/usage/panels.ts';
import { SOURCES } from '#shared/domain/source.ts';
import { StatusMark } from '../components/status.tsx';
import { chartModel, type ChartPart } from './chart-model.ts';
import { valueWords } from './chart-words.ts';
import { coloursOf, type ColourName } from './colour-names.ts';

/** The sign of a part: a status in its shape, else a swatch. */
export function PartMark({ part }: { readonly part: Pick<ChartPart, 'status' | 'colour'> }): ReactNode {
  return part.status === null ? <Swatch colour={part.colour} /> : <StatusMark status={part.status} />;
}

/** The parts of a chart by name, with what each came to where that is asked for. */
export function ChartLegend({
  panel,
  data,
  totals = false,
}: {
  readonly panel: Panel;
  readonly data: PanelData;
  readonly totals?: boolean;
}): ReactNode {
  const { parts } = useMemo(() => chartModel(panel, data), [panel, data]);
  return (
    <ul className="chartlegend" aria-label={`Parts of ${panel.title}`}>
      {parts.map((part) => (
        <li key={part.key}>
          <PartMark part={part} />
          {part.label}
          {totals && part.total !== null ? `, ${valueWords(panel.unit, part.total)}` : ''}
        </li>
      ))}
    </ul>
  );
}

/** The sources with the colours they have in every chart. */
export function SourceLegend(): ReactNode {
  const colours = coloursOf(SOURCES.map(({ id }) => id));
  return (
    <ul className="chartlegend" aria-label="Sources">
      {SOURCES.map(({ id, short }, index) => (
        <li key={id}>
          <Swatch colour={colours[index] ?? 'series-1'} />
          {short}
        </li>
      ))}
    </ul>
  );
}

/** The line of the time before, as charts draw it. */
export function BeforeKey(): ReactNode {
  return (
    <svg className="beforekey" viewBox="0 0 20 8" aria-hidden="true">
      <path d="M0 4h20" />
    </svg>
  );
}

function Swatch({ colour }: { readonly colour: ColourName }): ReactNode {
  return <i className={`swatch ${colour}`} aria-hidden="true" />;
}
