import { create } from 'zustand';
import { readText, show } from './store.ts';

/** More hashes than this are a list, and lists are read as intakes. */
export const MOST_LOOKED_UP = 100;
/** Longer text is a list or a log, whatever it holds. */
const LONGEST_TEXT = 100_000;

const DIGEST = /(?<![0-9a-z])(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})(?![0-9a-z])/gi;

interface LookUpState {
  /** What is looked up; empty when nothing was asked yet. */
  readonly text: string;
  /** What stands in the field of the view. */
  readonly typed: string;
  /** Which of its hashes is shown, as lower-case hex; null for the first. */
  readonly chosen: string | null;
}

/** What the Look-up view shows. It stays while other views are open. */
export const useLookUp = create<LookUpState>(() => ({ text: '', typed: '', chosen: null }));

/** Shows what is known about the hashes in a text. */
export function lookUp(text: string): void {
  const trimmed = text.trim();
  useLookUp.setState({ text: trimmed, typed: trimmed, chosen: null });
  show('lookup');
}

/** Takes what is typed into the view's field; nothing is looked up by that. */
export function typeText(typed: string): void {
  useLookUp.setState({ typed });
}

/** Shows one of the hashes that are looked up. */
export function choose(hash: string): void {
  useLookUp.setState({ chosen: hash });
}

/** How many distinct words of the length of a digest a text holds. */
export function hashesIn(text: string): number {
  return new Set((text.match(DIGEST) ?? []).map((hash) => hash.toLowerCase())).size;
}

/** True when a text is answered in the Look-up view; what holds more is read as a list. */
export function isLookUp(text: string): boolean {
  return text.length <= LONGEST_TEXT && hashesIn(text) <= MOST_LOOKED_UP;
}

/** Answers a text: a few hashes in the Look-up view, more of them as a list of their own. */
export function answerText(text: string): void {
  if (isLookUp(text)) {
    lookUp(text);
  } else {
    void readText(text);
  }
}
