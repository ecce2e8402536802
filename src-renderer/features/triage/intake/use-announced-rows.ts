import { useEffect, useRef } from 'react';
import type { IntakeSummary } from '#shared/contract/intake.ts';
import { announce } from '../../../app/store.ts';
import { counted, number } from '../../../components/words.ts';

/** Says aloud what came out when the intake is ready, and how many rows a changed filter shows. */
export function useAnnouncedRows(
  shown: { readonly total: number; readonly intake: IntakeSummary; readonly queryKey: string } | null,
): void {
  const said = useRef('');
  useEffect(() => {
    if (shown === null || said.current === shown.queryKey) {
      return;
    }
    const { counts, accounting } = shown.intake;
    announce(
      said.current === ''
        ? `${counted(accounting.hashes, 'hash', 'hashes')}: ${number(counts.malicious)} malicious, ${number(counts.suspicious)} suspicious, ${number(counts['non-malicious'])} non-malicious, ${number(counts.unknown)} unknown, ${number(counts.pending)} pending`
        : `${counted(shown.total, 'row')} shown`,
    );
    said.current = shown.queryKey;
  });
}
