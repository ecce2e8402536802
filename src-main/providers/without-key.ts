import type { HashAnswer, Provider, ProviderContext, RequestResult } from './port.ts';

/** Stands where a key stood. */
const INSTEAD = '(key)';
/** Shorter ones stand in many words by chance: they are looked for as words of their own. */
const SHORTEST_INSIDE = 8;
/** Of a text that was cut in the middle of a key, so much of the key counts as it. */
const SHORTEST_PART = 6;
const SHORTEST = 4;

/** Looks for keys in texts. */
export interface KeyFilter {
  /** The text without any of them, in whatever case, and without what a cut left of one at its end. */
  clean(text: string): string;
  /** False when certainly no text inside holds a part of one. */
  mayHold(value: unknown): boolean;
}

/** A filter for secrets as they are and as part of a URL. */
export function keyFilter(secrets: readonly string[]): KeyFilter {
  const forms = [...new Set(secrets.flatMap((secret) => [secret, encodeURIComponent(secret)]))]
    .map((form) => form.replace(/=+$/, ''))
    .filter((form) => form.length >= SHORTEST)
    .sort((a, b) => b.length - a.length);
  const whole = patternOf(forms.map(patternFor));
  const parts = forms.map((form) => JSON.stringify(form.slice(0, SHORTEST_PART)).slice(1, -1).toLowerCase());
  return {
    clean: (text) => withoutEnd(text.replace(whole, INSTEAD), forms),
    // What is written as JSON is searched at once: nearly nothing holds a key.
    mayHold(value) {
      const text = (JSON.stringify(value) ?? '').toLowerCase();
      return parts.some((part) => text.includes(part));
    },
  };
}

/**
 * What a source said, without what it repeats of the key it was sent: names and reports are kept, shown and exported.
 * Digests are let be.
 */
export function withoutKey(result: RequestResult, provider: Provider, context: ProviderContext): RequestResult {
  const filter = filterOf(provider, context);
  if (!result.ok) {
    return { ...result, fault: { ...result.fault, message: filter.clean(result.fault.message) } };
  }
  return result.answers.some((answer) => filter.mayHold(answer))
    ? { ...result, answers: result.answers.map((answer) => cleanAnswer(answer, filter)) }
    : result;
}

/** One sentence of a source, likewise. */
export function sentenceWithoutKey(text: string, provider: Provider, context: ProviderContext): string {
  return filterOf(provider, context).clean(text);
}

const filters = new WeakMap<ProviderContext, KeyFilter>();

function filterOf(provider: Provider, context: ProviderContext): KeyFilter {
  const known = filters.get(context);
  if (known !== undefined) {
    return known;
  }
  const made = keyFilter([context.key, ...(provider.keyForms?.(context) ?? [])]);
  filters.set(context, made);
  return made;
}

function cleanAnswer(answer: HashAnswer, filter: KeyFilter): HashAnswer {
  const text = (said: string | null): string | null => (said === null ? null : filter.clean(said));
  const { alsoAnswers } = answer;
  return {
    ...answer,
    threat: text(answer.threat),
    rawCode: text(answer.rawCode),
    note: text(answer.note),
    report: answer.report === null ? null : cleanFields(answer.report, filter),
    ...(alsoAnswers === undefined ? {} : { alsoAnswers: alsoAnswers.map((also) => cleanAnswer(also, filter)) }),
  };
}

function cleanFields(fields: object, filter: KeyFilter): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [filter.clean(name), inside(value, filter)]));
}

function inside(value: unknown, filter: KeyFilter): unknown {
  if (typeof value === 'string') {
    return filter.clean(value);
  }
  if (Array.isArray(value)) {
    return value.map((one) => inside(one, filter));
  }
  return typeof value === 'object' && value !== null ? cleanFields(value, filter) : value;
}

function withoutEnd(text: string, forms: readonly string[]): string {
  const end = text.replace(/…$/, '').toLowerCase();
  for (const form of forms) {
    const low = form.toLowerCase();
    for (let length = Math.min(low.length, end.length); length >= SHORTEST_PART; length -= 1) {
      if (end.endsWith(low.slice(0, length))) {
        return `${text.slice(0, end.length - length)}${INSTEAD}`;
      }
    }
  }
  return text;
}

function patternFor(form: string): string {
  return form.length >= SHORTEST_INSIDE ? escaped(form) : `(?<![a-z0-9])${escaped(form)}(?![a-z0-9])`;
}

function patternOf(patterns: readonly string[]): RegExp {
  // Without a pattern nothing is found.
  return new RegExp(patterns.length === 0 ? '(?!)' : patterns.join('|'), 'gi');
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
