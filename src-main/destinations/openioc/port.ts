import type { Term, TermKind } from '#shared/domain/indicator.ts';

/** How one kind of term is written: one item for each. The content of an item is the term's value. */
export interface TermForm {
  readonly document: string;
  readonly search: string;
  readonly contentType: string;
  readonly condition: 'is' | 'contains';
}

/** By kind; several forms search for the same value in several places. */
export type TermForms = Readonly<Record<TermKind, readonly TermForm[]>>;

/** What a document is written from. The same input gives the same bytes. */
export interface PackageContent {
  /** Stable over the life of the package: Threat Response replaces a document only under the same root id. */
  readonly rootId: string;
  readonly name: string;
  readonly description: string;
  /** When its newest indicator was modified, milliseconds since the epoch. */
  readonly modifiedAt: number;
  readonly terms: readonly Term[];
}
