import type { ForecastRow, PanelData, UsageStrip } from '#shared/contract/usage.ts';
import type { CallParsed } from '#shared/contract/index.ts';
import { panelOf, type PanelId } from '#shared/domain/usage/panels.ts';
import { defaultPreferences } from '#shared/settings/schema.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import type { Answers } from '../fake-bridge.ts';
import { answers, bootstrap, NOW } from '../world.ts';

/** Plain data of the board for tests of the window. */

type Asked = CallParsed<'usage.panel'>;

/** A panel as the engine would answer: two parts, of which every interval has as many as its number. */
export function panelData(asked: Asked, change: Partial<PanelData> = {}): PanelData {
  const { panel, from, to, points } = asked;
  const stepSeconds = Math.max(60, Math.round((to - from) / points));
  const starts = Array.from({ length: points }, (_, index) => from + index * stepSeconds);
  const values = starts.map((_, index) => index);
  const total = values.reduce((sum, value) => sum + value, 0);
  const split = asked.split ?? panelOf(panel).splits[0];
  const keys = split === 'source' ? ['wildfire', 'virustotal'] : ['first', 'second'];
  return {
    panel,
    split,
    from,
    to,
    stepSeconds,
    starts,
    series: keys.map((key) => ({ key, label: `${key} part`, values, total })),
    totals: values.map((value) => 2 * value),
    total: 2 * total,
    peak: 2 * (points - 1),
    before: asked.compare ? { values, total } : null,
    recordedSince: from - (to - from),
    text: `${panelOf(panel).title} in words.`,
    elapsedMs: 1,
    ...change,
  };
}

/** A panel of which nothing was ever recorded. */
export function emptyPanel(asked: Asked): PanelData {
  const data = panelData(asked);
  return {
    ...data,
    series: [],
    totals: data.totals.map(() => null),
    total: null,
    peak: null,
    before: asked.compare ? { values: data.totals.map(() => null), total: null } : null,
    recordedSince: null,
    text: 'Nothing was recorded yet.',
  };
}

export function forecast(change: Partial<ForecastRow> = {}): ForecastRow {
  return {
    source: 'virustotal',
    window: 'day',
    spent: 293,
    limit: 500,
    startsAt: NOW - 30_000,
    endsAt: NOW + 56_400,
    perDay: 900,
    usedUpAt: NOW + 17_000,
    expected: 880,
    basis: 'past',
    sentence: 'VirusTotal’s day ends at 14:10 UTC at this pace.',
    ...change,
  };
}

export function strip(change: Partial<UsageStrip> = {}): UsageStrip {
  const panels: readonly PanelId[] = ['outbound-items', 'inbound-items', 'calls-avoided', 'outbound-failed'];
  return {
    from: NOW - 86_400,
    to: NOW,
    items: panels.map((panel, index) => ({
      panel,
      total: 1000 * (index + 1),
      values: Array.from({ length: 24 }, (_, hour) => hour),
      text: `${panelOf(panel).title} of the last 24 hours.`,
    })),
    soonest: forecast(),
    ...change,
  };
}

/** A data directory with something in every panel. */
export function usageAnswers(change: Answers = {}, board: Partial<Preferences['board']> = {}): Answers {
  const start = bootstrap();
  const preferences = { ...start.preferences, board: { ...defaultPreferences().board, ...board } };
  return answers({
    'app.bootstrap': () => ({ ...start, preferences }),
    'usage.panel': (asked) => panelData(asked),
    'usage.forecast': () => ({
      at: NOW,
      rows: [
        forecast({ window: 'month', usedUpAt: null, sentence: 'VirusTotal’s month is not used up at this pace.' }),
        forecast(),
      ],
    }),
    'usage.saved': () => ({
      currency: 'EUR',
      rows: [
        { source: 'wildfire', pairs: 900, calls: 9, days: 0.4, price: null },
        { source: 'virustotal', pairs: 1200, calls: 1200, days: 2.4, price: 60.5 },
      ],
    }),
    'usage.failures': () => ({
      rows: [
        { source: 'wildfire', reason: 'transient', label: 'service or network failed', requests: 3 },
        { source: 'virustotal', reason: 'quota', label: 'limit met', requests: 41 },
        { source: 'virustotal', reason: 'transient', label: 'service or network failed', requests: 2 },
      ],
    }),
    'usage.strip': () => strip(),
    ...change,
  });
}
