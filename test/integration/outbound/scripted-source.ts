import type { HexDigest } from '#shared/domain/hash.ts';
import type { SourceId } from '#shared/domain/source.ts';
import type { Provider, ProviderContext, ProviderFacts, RequestResult } from '#main/providers/port.ts';
import { answered, answerFor, plainConfig } from '../../unit/outbound/answers.ts';

/** A request as the scripted source saw it. */
export interface Asked {
  readonly at: number;
  readonly kind: string;
  readonly hashes: readonly HexDigest[];
}

/** A source that says what a test tells it to, and remembers what it was asked. */
export interface ScriptedSource extends Provider {
  readonly asked: Asked[];
  /** What it says; answers non-malicious until told otherwise. */
  say: (
    hashes: readonly HexDigest[],
    signal: AbortSignal,
    context: ProviderContext,
  ) => RequestResult | Promise<RequestResult>;
  /** What it was asked by its single call; only `withSingleCall`. */
  readonly askedOne: HexDigest[];
  sayOne: (hash: HexDigest, signal: AbortSignal) => RequestResult | Promise<RequestResult>;
  /** Holds every answer back from now on; calling what it returns lets them go. */
  hold(): () => void;
}

export const fine = (hashes: readonly HexDigest[]): RequestResult =>
  answered(hashes.map((hash) => answerFor(hash, { digests: {} })));

export function scriptedSource(source: SourceId, facts: Partial<ProviderFacts> = {}): ScriptedSource {
  let held: Promise<void> | null = null;
  const scripted: ScriptedSource = {
    facts: {
      source,
      takes: ['sha256', 'sha1', 'md5'],
      mostHashesPerRequest: 500,
      billedBy: 'request',
      score: 'none',
      thresholds: null,
      hasPending: true,
      urlPresets: [],
      defaults: plainConfig,
      plans: ['paid'],
      authStyles: ['key'],
      agents: [''],
      licenceNote: null,
      hasNewItems: false,
      options: [],
      planLimits: {},
      ...facts,
    },
    asked: [],
    askedOne: [],
    sayOne: (hash) => fine([hash]),
    say: fine,
    hold() {
      let release = (): void => undefined;
      held = new Promise((resolve) => {
        release = () => {
          held = null;
          resolve();
        };
      });
      return release;
    },
    async ask(hashes, kind, context, signal) {
      scripted.asked.push({ at: Date.now(), kind, hashes });
      if (held !== null) {
        const aborted = new Promise<void>((resolve) => {
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
        await Promise.race([held, aborted]);
      }
      return scripted.say(hashes, signal, context);
    },
    test: () => Promise.reject(new Error('not part of these tests')),
    page: () => null,
  };
  return scripted;
}

/** The same with a single call that tells everything. */
export function withSingleCall(scripted: ScriptedSource): ScriptedSource {
  return Object.assign(scripted, {
    async askOne(hash: HexDigest, _kind: string, _context: ProviderContext, signal: AbortSignal) {
      scripted.askedOne.push(hash);
      return scripted.sayOne(hash, signal);
    },
  });
}
