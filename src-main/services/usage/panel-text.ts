import type { PanelData } from '#shared/contract/usage.ts';
import { totalBefore } from '#shared/domain/usage/compared.ts';
import { panelOf, type Panel } from '#shared/domain/usage/panels.ts';
import { bareFigure, changeText, figure, intervalText, spanText } from '#shared/domain/usage/figure-words.ts';

/** Most parts that a sentence names. */
const MOST_PARTS = 6;

export interface TextFacts {
  readonly data: Omit<PanelData, 'text' | 'elapsedMs'>;
  /** Length of the range as it was asked for, seconds. */
  readonly asked: number;
  /** Seconds since the epoch. */
  readonly now: number;
}

/** A panel in one or two sentences, for people who do not see it. */
export function panelText({ data, asked, now }: TextFacts): string {
  const panel = panelOf(data.panel);
  const { total } = data;
  const span = spanText(asked);
  if (total === null) {
    return `Nothing is known of these ${span}.`;
  }
  if (panel.measure === 'sum' && total === 0) {
    const before = totalBefore(data) ?? 0;
    const than = before > 0 ? `, after ${figure(before, panel.unit)} in the ${span} before` : '';
    return `No ${panel.unit} in ${span}${than}.`;
  }
  return `${headOf(panel, total, span)}${comparisonOf(panel, data, span)}${peakOf(panel, data, now)}.${partsOf(panel, data)}`;
}

function headOf(panel: Panel, total: number, span: string): string {
  const amount = figure(total, panel.unit);
  switch (panel.measure) {
    case 'gauge':
      return `${amount} at the end of ${span}`;
    case 'mean':
      return `${amount} on average in ${span}`;
    case 'share':
      return `${amount} of the hashes in ${span}`;
    default:
      return `${amount} in ${span}`;
  }
}

function comparisonOf(panel: Panel, data: TextFacts['data'], span: string): string {
  const before = totalBefore(data);
  if (panel.measure === 'share') {
    return before === null ? '' : `, ${figure(before, panel.unit)} in the ${span} before`;
  }
  const change = changeText(data.total, before);
  const when = panel.measure === 'gauge' ? `at the end of the ${span} before` : `in the ${span} before`;
  return change === null ? '' : `, ${change} ${when}`;
}

function peakOf(panel: Panel, { totals, peak, starts, stepSeconds }: TextFacts['data'], now: number): string {
  const place = totals.indexOf(peak);
  const start = starts[place];
  if (peak === null || start === undefined || totals.filter((value) => value !== null).length < 2) {
    return '';
  }
  return `; most on ${intervalText(start, stepSeconds, now)}: ${bareFigure(peak, panel.unit)}`.replace(
    'on the week',
    'in the week',
  );
}

function partsOf(panel: Panel, { series, split }: TextFacts['data']): string {
  if (split === 'none' || series.length < 1) {
    return '';
  }
  const named = series
    .slice(0, MOST_PARTS)
    .flatMap(({ label, total }) => (total === null ? [] : [`${label} ${bareFigure(total, panel.unit)}`]));
  const rest = series.length - MOST_PARTS;
  const more = rest > 0 ? `, and ${rest} more` : '';
  return named.length === 0 ? '' : ` ${capital(`${named.join(', ')}${more}`)}.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
