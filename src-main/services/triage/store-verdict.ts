import { RULES, type Verdict } from '#shared/domain/basis.ts';
import { sourceCode } from '#shared/domain/source.ts';
import { STATUS_CODE } from '#shared/domain/status.ts';
import { flagBits } from '#shared/domain/verdict.ts';
import type { VerdictColumns } from '../../intakes/verdict-columns.ts';

const RULE_CODE = new Map(RULES.map((rule, code) => [rule, code]));
const MOST_AGREEING = 255;

/** A verdict as it is kept in columns. */
export interface PackedVerdict {
  readonly status: number;
  readonly rule: number;
  readonly source: number;
  readonly agreeing: number;
  readonly flags: number;
  readonly answeredAt: number;
}

export function packVerdict(verdict: Verdict): PackedVerdict {
  return {
    status: STATUS_CODE[verdict.status],
    rule: RULE_CODE.get(verdict.rule) ?? 0,
    source: verdict.source === null ? 0 : sourceCode(verdict.source),
    agreeing: Math.min(verdict.agreeing, MOST_AGREEING),
    flags: flagBits(verdict.flags),
    answeredAt: verdict.answeredAt ?? 0,
  };
}

export function storeVerdict(columns: VerdictColumns, entry: number, verdict: PackedVerdict): void {
  columns.status[entry] = verdict.status;
  columns.rule[entry] = verdict.rule;
  columns.source[entry] = verdict.source;
  columns.agreeing[entry] = verdict.agreeing;
  columns.flags[entry] = verdict.flags;
  columns.answeredAt[entry] = verdict.answeredAt;
}

/** Whether the columns hold exactly this verdict for the entry. */
export function holdsVerdict(columns: VerdictColumns, entry: number, verdict: PackedVerdict): boolean {
  return (
    columns.status[entry] === verdict.status &&
    columns.rule[entry] === verdict.rule &&
    columns.source[entry] === verdict.source &&
    columns.agreeing[entry] === verdict.agreeing &&
    columns.flags[entry] === verdict.flags &&
    columns.answeredAt[entry] === verdict.answeredAt
  );
}
