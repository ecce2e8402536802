import type { FlightPlan, PlanStep, SourcePlan } from '#shared/contract/scan.ts';
import type { Strategy } from '#shared/domain/outcome.ts';
import { sourceLabel } from '#shared/domain/source.ts';
import { count, counted } from './numbers.ts';
import { visible } from './plain-text.ts';
import type { Style } from './style.ts';
import { tableLines, type TableColumn } from './table.ts';

/** A flight plan as text for people: what is asked, what need not be, what it takes of each quota, when it ends. */
export function planText(
  intakeId: number,
  plan: FlightPlan,
  { width, style }: { readonly width: number | null; readonly style: Style },
): string {
  const lines = [
    style.strong(`Flight plan for intake ${intakeId}: ${counted(plan.hashes, 'hash', 'hashes')}`),
    `  ${count(plan.ask)} to ask, ${requestsText(plan)}`,
    `  ${count(plan.without.total)} need no call${because(plan)}`,
    ...plan.cannot.map(({ hashes, sentence }) => `  ${count(hashes)} not asked: ${visible(sentence)}`),
  ];
  if (plan.hashes === 0) {
    lines.push(`  ${NO_ROW}`);
  } else if (plan.sources.length > 0) {
    lines.push('', ...tableLines(COLUMNS, plan.sources, width, style.faint));
  }
  for (const source of plan.hashes === 0 ? [] : plan.sources) {
    lines.push(...quotaLines(source));
  }
  if (plan.steps.length > 1) {
    lines.push('', STEPS_TITLE[plan.strategy], ...tableLines(STEP_COLUMNS, plan.steps, width, style.faint));
  }
  if (plan.ask > 0) {
    lines.push('', `Ends: ${moment(plan.endsAt)}`, `Strategies: ${plan.strategies.map(strategyText).join('; ')}`);
  }
  if (plan.notes.length > 0) {
    lines.push('', ...plan.notes.map(visible));
  }
  return `${lines.join('\n')}\n`;
}

/** Single calls depend on the answers, the others are counted. */
function requestsText({ requests, sources }: FlightPlan): string {
  const singles = sources.reduce((sum, one) => sum + one.singles, 0);
  return singles === 0
    ? `${counted(requests, 'request')} at the most`
    : `about ${counted(requests, 'request')}, ${count(singles)} of them single calls that follow answers`;
}

const STEPS_TITLE: Readonly<Record<Strategy, string>> = {
  certain: 'All are asked. Expected, by what their calls tell:',
  fastest: 'All at once. Expected, by when they answer:',
  cheapest: 'One after another, in this order. Expected:',
};

const STEP_COLUMNS: readonly TableColumn<PlanStep>[] = [
  { header: 'source', cell: ({ source }) => sourceLabel(source) },
  { header: 'hashes', align: 'right', cell: ({ hashes }) => count(hashes) },
  { header: 'requests', align: 'right', cell: ({ requests }) => count(requests) },
  { header: 'malicious first here', align: 'right', cell: ({ settles }) => count(settles) },
  { header: 'left open', align: 'right', cell: ({ left }) => count(left) },
];

const NO_ROW = 'No row is to be asked about: unknown ones are, unless --status or --all takes others.';

const COLUMNS: readonly TableColumn<SourcePlan>[] = [
  { header: 'source', cell: ({ source }) => sourceLabel(source) },
  { header: 'ask', align: 'right', cell: ({ ask }) => count(ask) },
  { header: 'requests', align: 'right', cell: ({ requests }) => count(requests) },
  { header: 'fresh', align: 'right', cell: ({ fresh }) => count(fresh) },
  { header: 'by link', align: 'right', cell: ({ link }) => count(link) },
  { header: 'queued', align: 'right', cell: ({ queued }) => count(queued) },
  {
    header: 'cannot',
    align: 'right',
    cell: ({ cannot }) => count(cannot.reduce((sum, { hashes }) => sum + hashes, 0)),
  },
  { header: 'ends', cell: ({ ask, endsAt }) => (ask === 0 ? '-' : moment(endsAt)) },
];

const REASONS = [
  ['hashList', 'hash list'],
  ['knownSet', 'known sets'],
  ['fresh', 'fresh answers'],
  ['link', 'answers under another digest'],
  ['conclusive', 'malicious elsewhere'],
  ['queued', 'queued already'],
] as const;

function because({ without }: FlightPlan): string {
  const reasons = REASONS.filter(([name]) => without[name] > 0).map(
    ([name, label]) => `${label} ${count(without[name])}`,
  );
  return reasons.length === 0 ? '' : `: ${reasons.join(', ')}`;
}

function quotaLines({ source, ask, quota, waits, follows, cannot }: SourcePlan): string[] {
  if (ask === 0) {
    return cannot.map(({ hashes, sentence }) => `  ${sourceLabel(source)}: ${count(hashes)} not asked: ${sentence}`);
  }
  const windows = quota
    .filter(({ window }) => window !== 'minute')
    .map(({ window, limit, spent, after }) => `${window} ${count(spent)} of ${count(limit)}, then ${count(after)}`);
  const perMinute = quota.find(({ window }) => window === 'minute');
  const pace = perMinute === undefined ? [] : [`${count(perMinute.limit)} a minute`];
  const parts = [...pace, ...windows, ...(waits === '' ? [] : [waits])];
  return [
    ...(parts.length === 0 ? [] : [`  ${sourceLabel(source)}: ${parts.join('; ')}`]),
    ...(follows === '' ? [] : [`  ${sourceLabel(source)}: ${follows}`]),
    ...cannot.map(({ hashes, sentence }) => `  ${sourceLabel(source)}: ${count(hashes)} not asked: ${sentence}`),
  ];
}

function strategyText({ strategy, requests, endsAt }: FlightPlan['strategies'][number]): string {
  return `${strategy} ${counted(requests, 'request')}, ${endsAt === null ? 'its end cannot be told' : `ends ${moment(endsAt)}`}`;
}

/** To the second, in UTC; a plan that cannot tell says so. */
function moment(at: number | null): string {
  return at === null ? 'cannot be told' : `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
