import type { Panel, PanelUnit } from '#shared/domain/usage/panels.ts';

/** The value axis of a plot. */
export interface YAxis {
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly number[];
  readonly labels: readonly string[];
  /** It starts above 0, which the drawing has to show. */
  readonly isCut: boolean;
}

interface Extent {
  readonly least: number | null;
  readonly most: number | null;
  /** A single line of a gauge may be looked at closely; what has a length as a measure starts at 0. */
  readonly mayCut: boolean;
}

const STEPS = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10] as const;
/** Units of bytes are decimal, as in the figures beside the plot. */
const KILO = 1000;
/** Below this share of its height a gauge's changes could not be seen from 0. */
const CUT_SHARE = 0.25;

/** The axis for values in a plot that high (CSS pixels): few ticks, round numbers, at least from 0 to 1. */
export function yAxis(panel: Panel, { least, most, mayCut }: Extent, height: number): YAxis {
  const intervals = height < 48 ? 1 : height < 72 ? 2 : height < 150 ? 3 : 4;
  if (panel.unit === 'per cent') {
    return axisOf(panel.unit, 0, intervals >= 4 ? 25 : 50, 100);
  }
  const top = most ?? 0;
  const bottom = least ?? 0;
  const isCut = mayCut && bottom > 0 && top - bottom < top * CUT_SHARE;
  if (!isCut) {
    const step = roundStep(panel.unit, Math.max(top, smallest(panel.unit)) / intervals, top);
    return axisOf(panel.unit, 0, step, Math.max(step, Math.ceil(top / step - 1e-9) * step));
  }
  const span = Math.max(top - bottom, top * 0.001, smallest(panel.unit));
  const step = roundStep(panel.unit, span / intervals, top);
  const min = Math.max(0, Math.floor(bottom / step + 1e-9) * step);
  const max = Math.max(min + step, Math.ceil(top / step - 1e-9) * step);
  return axisOf(panel.unit, min, step, max);
}

/** Labels of ticks: counts shortened each by itself, of other units the topmost says which it is. */
export function tickLabels(unit: PanelUnit, ticks: readonly number[]): readonly string[] {
  const top = Math.max(...ticks, 0);
  const step = ticks.length > 1 ? (ticks[1] ?? 0) - (ticks[0] ?? 0) : top;
  const own = unitScale(unit, top);
  return ticks.map((tick) => {
    const { divisor, suffix } = own ?? countScale(tick);
    const decimals = decimalsOf(step / divisor);
    const figure = (tick / divisor).toLocaleString('en-US', {
      // Figures of one length are compared at a glance; short round counts are read faster.
      minimumFractionDigits: tick === 0 || (own === null && ticks[0] === 0) ? 0 : decimals,
      maximumFractionDigits: decimals,
    });
    return tick !== 0 && (own === null || tick === top) ? `${figure}${suffix}` : figure;
  });
}

function axisOf(unit: PanelUnit, min: number, step: number, max: number): YAxis {
  const count = Math.round((max - min) / step);
  const ticks = Array.from({ length: count + 1 }, (_, index) => min + index * step);
  return { min, max: min + count * step, ticks, labels: tickLabels(unit, ticks), isCut: min > 0 };
}

/** The round step that is at least as long; whole where the unit knows no fractions. */
function roundStep(unit: PanelUnit, least: number, top: number): number {
  const base = unit === 'bytes' ? KILO ** powerOf(top) : 1;
  const figure = least / base;
  const magnitude = 10 ** Math.floor(Math.log10(figure) + 1e-9);
  const found = STEPS.find((step) => step * magnitude >= figure * (1 - 1e-9)) ?? 10;
  const step = found * magnitude * base;
  return unit === 'bytes' || unit === 'milliseconds' ? step : Math.max(1, Math.ceil(step - 1e-9));
}

function smallest(unit: PanelUnit): number {
  return unit === 'bytes' ? KILO : 1;
}

function powerOf(value: number): number {
  return Math.min(4, Math.max(0, Math.floor(Math.log(Math.max(1, value)) / Math.log(KILO) + 1e-9)));
}

interface Scale {
  readonly divisor: number;
  readonly suffix: string;
}

/** One scale for all ticks of a unit; null for counts. */
function unitScale(unit: PanelUnit, top: number): Scale | null {
  switch (unit) {
    case 'bytes': {
      const power = powerOf(top);
      return { divisor: KILO ** power, suffix: ` ${['bytes', 'kB', 'MB', 'GB', 'TB'][power]}` };
    }
    case 'milliseconds':
      return top >= 2000 ? { divisor: 1000, suffix: ' s' } : { divisor: 1, suffix: ' ms' };
    case 'per cent':
      return { divisor: 1, suffix: ' %' };
    default:
      return null;
  }
}

function countScale(value: number): Scale {
  const scales = [
    { divisor: 1e12, suffix: 'T' },
    { divisor: 1e9, suffix: 'B' },
    { divisor: 1e6, suffix: 'M' },
    { divisor: 1e3, suffix: 'k' },
  ];
  return scales.find(({ divisor }) => value >= divisor) ?? { divisor: 1, suffix: '' };
}

function decimalsOf(step: number): number {
  for (let decimals = 0; decimals < 6; decimals += 1) {
    const shifted = step * 10 ** decimals;
    if (Math.abs(shifted - Math.round(shifted)) < 1e-6 * Math.max(1, shifted)) {
      return decimals;
    }
  }
  return 6;
}
