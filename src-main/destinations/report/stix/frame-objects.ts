import { isoTime } from '../../jsonl-rows.ts';
import type { ReportHead } from '../port.ts';
import { groupedDigits } from '../facts/grouped-digits.ts';
import type { TlpLevel } from '../facts/tlp.ts';
import { uuidText, uuidV5Bytes } from '../../../platform/uuid-v5.ts';
import { ASSAY_NAMESPACE } from '../facts/namespace.ts';

/** An object of a bundle, ready to be written as JSON. */
export type StixObject = Readonly<Record<string, unknown>>;

/** Assay's own identity and extension do not change from report to report: this is when they were defined. */
const DEFINED_AT = '2025-11-01T00:00:00.000Z';

const ASSAY_ID = `identity--${uuidText(uuidV5Bytes(ASSAY_NAMESPACE, 'identity'))}`;

/** Holds what STIX has no property for. */
export const EXTENSION_ID = `extension-definition--${uuidText(uuidV5Bytes(ASSAY_NAMESPACE, 'extension 1'))}`;

const TLP2_EXTENSION = 'extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d';

/** A time as STIX writes it: `created` and `modified` have exactly three digits behind the seconds (3.2). */
export function stixTime(seconds: number): string {
  return isoTime(seconds).replace('Z', '.000Z');
}

/** What Assay adds to an object, as `stated`. */
export function extended(facts: Record<string, unknown>): StixObject {
  return { [EXTENSION_ID]: { extension_type: 'property-extension', ...stated(facts) } };
}

/** Facts without those there are none of: STIX knows no null, no empty list and no empty dictionary (2.1, 2.3, 2.11, 3.1). */
export function stated(facts: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(facts).flatMap(([name, value]: [string, unknown]) => {
      const said = statedValue(value);
      return isNothing(said) ? [] : [[name, said]];
    }),
  );
}

function isNothing(value: unknown): boolean {
  return value === undefined || (typeof value === 'object' && (value === null || Object.keys(value).length === 0));
}

function statedValue(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(statedValue);
  }
  return typeof value === 'object' && value !== null ? stated(value) : value;
}

/** Who made the report: the program, and the examiner when one is named. The last one answers for its contents. */
export function makers(head: ReportHead, report: Buffer): readonly (StixObject & { readonly id: string })[] {
  const { examiner } = head.statement;
  const program = {
    type: 'identity',
    spec_version: '2.1',
    id: ASSAY_ID,
    created: DEFINED_AT,
    modified: DEFINED_AT,
    name: 'Assay',
    description: 'A program that tells what is known about hashes of files.',
    identity_class: 'system',
  };
  const person = {
    type: 'identity',
    spec_version: '2.1',
    id: `identity--${uuidText(uuidV5Bytes(report, `examiner ${examiner}`))}`,
    created_by_ref: ASSAY_ID,
    created: stixTime(head.madeAt),
    modified: stixTime(head.madeAt),
    name: groupedDigits(examiner),
    identity_class: 'individual',
  };
  return examiner === '' ? [program] : [program, person];
}

/** The definition of the extension, as every bundle has to carry it: STIX 2.1, 7.3. */
export const EXTENSION: StixObject = {
  type: 'extension-definition',
  spec_version: '2.1',
  id: EXTENSION_ID,
  created_by_ref: ASSAY_ID,
  created: DEFINED_AT,
  modified: DEFINED_AT,
  name: 'Assay report',
  description: 'Verdicts with their basis, where hashes came from, what was read, and the manifest of the report.',
  schema:
    'assay_row: entry, verdict, basis, triaged, digestLink, occurrences, where, couldNotAsk, sets, hashList, tags, carried. ' +
    'assay_answer: status, noAnswer, score, rawCode, stale, matchedBy, link. ' +
    'assay_report: statement, intake, inputs, accounting, counts, selection, knownSets, problems, notRead. ' +
    'assay_manifest: facts of the report and the hash over its bytes.',
  version: '1.0.0',
  extension_types: ['property-extension'],
};

/** Markings everybody knows by the same ids: STIX 2.1, 7.2.1.4, and the extension for version 2 of the protocol. */
const TLP: Readonly<Record<TlpLevel, { readonly id: string; readonly version: 1 | 2 }>> = {
  'TLP:WHITE': { id: 'marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9', version: 1 },
  'TLP:GREEN': { id: 'marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da', version: 1 },
  'TLP:AMBER': { id: 'marking-definition--f88d31f6-486f-44da-b317-01333bde0b82', version: 1 },
  'TLP:RED': { id: 'marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed', version: 1 },
  'TLP:CLEAR': { id: 'marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487', version: 2 },
  'TLP:AMBER+STRICT': { id: 'marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003', version: 2 },
};

/** The id of a level's marking. */
export function tlpId(level: TlpLevel): string {
  return TLP[level].id;
}

/** A level's marking as it is published. Of levels both versions have, the one of the specification itself. */
export function tlpMarking(level: TlpLevel): StixObject {
  const { id, version } = TLP[level];
  const name = level.slice(4).toLowerCase();
  const about = { type: 'marking-definition', spec_version: '2.1', id };
  return version === 1
    ? {
        ...about,
        created: '2017-01-20T00:00:00.000Z',
        definition_type: 'tlp',
        name: level,
        definition: { tlp: name },
      }
    : {
        ...about,
        created: '2022-10-01T00:00:00.000Z',
        name: level,
        extensions: { [TLP2_EXTENSION]: { extension_type: 'property-extension', tlp_2_0: name } },
      };
}
