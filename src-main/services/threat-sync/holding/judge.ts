import { parseDigest } from '#shared/domain/hash.ts';
import type { Term } from '#shared/domain/indicator.ts';
import { ownMatcher, type OwnMatcher } from '#shared/domain/addresses/own-addresses.ts';
import type { IntakeService, SingleHash } from '../../intake/port.ts';
import type { Hold, HoldingJudge } from './port.ts';

/** Files looked at in one call: others that ask the same thread wait for no more than one of these. */
const SLICE = 1_000;

/** Judges by own addresses and by how files stand on this machine. */
export function createHoldingJudge(parts: { readonly intakes: Pick<IntakeService, 'standing'> }): HoldingJudge {
  const { intakes } = parts;
  let known: { readonly own: readonly string[]; readonly why: OwnMatcher } | null = null;
  const matcherOf = (own: readonly string[]): OwnMatcher => {
    if (known === null || known.own.length !== own.length || known.own.some((entry, at) => entry !== own[at])) {
      known = { own: [...own], why: ownMatcher(own) };
    }
    return known.why;
  };

  return {
    async judge(page, own, signal) {
      const why = matcherOf(own);
      const holds = new Map<number, Hold>();
      const files: { readonly id: number; readonly digests: readonly SingleHash[] }[] = [];
      for (const { id, terms } of page) {
        const by = firstOwn(terms, why);
        const digests = digestsOf(terms);
        if (by !== null) {
          holds.set(id, { reason: 'own', by });
        } else if (digests.length > 0) {
          files.push({ id, digests });
        }
      }
      const problems = new Set<string>();
      for (let from = 0; from < files.length; from += SLICE) {
        signal.throwIfAborted();
        const slice = files.slice(from, from + SLICE);
        const looked = await intakes.standing(slice.map(({ digests }) => digests));
        looked.problems.forEach((problem) => problems.add(problem));
        for (const [place, { id }] of slice.entries()) {
          const harmless = looked.standings[place]?.harmless ?? null;
          if (harmless !== null) {
            holds.set(id, harmless);
          }
        }
      }
      return { holds, problems: [...problems] };
    },

    async here(files) {
      const digests = files.map(digestsOf);
      const asked = digests.filter((all) => all.length > 0);
      const { standings } = asked.length === 0 ? { standings: [] } : await intakes.standing(asked);
      let next = 0;
      return digests.map((all) => (all.length === 0 ? null : (standings[next++]?.status ?? null)));
    },
  };
}

function firstOwn(terms: readonly Term[], why: OwnMatcher): string | null {
  for (const term of terms) {
    const sentence = why(term);
    if (sentence !== null) {
      return sentence;
    }
  }
  return null;
}

function digestsOf(terms: readonly Term[]): readonly SingleHash[] {
  return terms.flatMap(({ kind, value }) => {
    const digest = kind === 'md5' || kind === 'sha1' || kind === 'sha256' ? parseDigest(value) : null;
    return digest === null ? [] : [{ kind: digest.kind, hash: digest.hex }];
  });
}
