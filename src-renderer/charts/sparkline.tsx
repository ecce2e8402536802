import type { ReactNode } from 'react';

interface Props {
  readonly values: readonly (number | null)[];
  /** What it shows, in words. */
  readonly label: string;
  readonly kind: 'bars' | 'line';
}

const WIDTH = 100;
const HEIGHT = 24;

/** A few values as small bars or a line, from 0; what is not known is left open. */
export function Sparkline({ values, label, kind }: Props): ReactNode {
  const most = Math.max(0, ...values.filter((value) => value !== null));
  const step = WIDTH / Math.max(1, values.length);
  const heightOf = (value: number): number => (most === 0 ? 0 : (value / most) * (HEIGHT - 1));
  return (
    <svg
      className="sparkline"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {kind === 'bars' ? (
        <path
          className="bar"
          d={values.map((value, index) => bar(index * step, step, heightOf(value ?? 0))).join('')}
        />
      ) : (
        <path className="line" d={line(values, step, heightOf)} />
      )}
    </svg>
  );
}

function bar(left: number, step: number, height: number): string {
  return height === 0 ? '' : `M${round(left)} ${HEIGHT}v${-round(height)}h${round(step * 0.75)}V${HEIGHT}z`;
}

function line(values: readonly (number | null)[], step: number, heightOf: (value: number) => number): string {
  return values
    .map((value, index) => {
      if (value === null) {
        return '';
      }
      const isFirst = (values[index - 1] ?? null) === null;
      const isAlone = isFirst && (values[index + 1] ?? null) === null;
      const y = round(HEIGHT - 0.5 - heightOf(value));
      return isAlone
        ? `M${round(index * step)} ${y}h${round(step)}`
        : `${isFirst ? 'M' : 'L'}${round((index + 0.5) * step)} ${y}`;
    })
    .join('');
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
