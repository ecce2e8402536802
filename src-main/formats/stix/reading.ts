import { type DialectReading, fieldText } from '../json/dialect.ts';
import type { Frame } from '../json/frame.ts';
import { createHold } from '../json/hold.ts';
import type { RecordSink } from '../record-sink.ts';
import { tlpOf } from './markings.ts';

const TITLE = 3;
const INDICATES = 4;
const MARKING = 5;
const ID = 7;
const NOTE = 8;
/** Objects and relations remembered, to name what an indicator indicates. */
const MOST_KNOWN = 50_000;
/** Characters of an id: a type and a UUID. */
const LONGEST_ID = 256;
/** Characters of notes remembered, of one and of all. */
const LONGEST_NOTE = 4096;
const MOST_NOTED = 16 * 1024 * 1024;
const NO_MARKING = { ids: '', labels: '' };
const NAMED = new Set([
  'malware',
  'attack-pattern',
  'campaign',
  'intrusion-set',
  'threat-actor',
  'tool',
  'infrastructure',
  'vulnerability',
]);

/** Carries names, ids, markings and notes; what comes later in the bundle is filled in at its end. */
export function openStix(sink: RecordSink): DialectReading {
  const names = new Map<string, string>();
  const markings = new Map<string, string>();
  const indicates = new Map<string, string[]>();
  const notes = new Map<string, string>();
  const cells: string[] = ['', '', '', '', '', ''];
  let noted = 0;
  /** The markings a record has, mostly those of the record before. */
  let lastMarked = NO_MARKING;

  const remember = <T>(map: Map<string, T>, id: string, value: T): void => {
    if (map.size < MOST_KNOWN && id !== '' && id.length <= LONGEST_ID) {
      map.set(id, value);
    }
  };
  const note = (id: string, content: string): void => {
    const before = notes.get(id);
    const text = (before === undefined ? content : `${before}\n${content}`).slice(0, LONGEST_NOTE);
    if (noted + text.length <= MOST_NOTED) {
      noted += text.length - (before?.length ?? 0);
      remember(notes, id, text);
    }
  };
  const labelsOf = (ids: string): string => {
    if (ids !== lastMarked.ids) {
      const labels = ids.split(' ').map((id) => markings.get(id) ?? tlpOf(id));
      lastMarked = { ids, labels: labels.filter((label) => label !== '').join(', ') };
    }
    return lastMarked.labels;
  };
  const complete = (carried: string[]): void => {
    const id = carried[ID] ?? '';
    const targets = indicates.get(id);
    carried[NOTE] = notes.get(id) ?? '';
    carried[INDICATES] = targets === undefined ? '' : targets.map((target) => names.get(target) ?? target).join(', ');
    carried[MARKING] = labelsOf(carried[MARKING] ?? '');
  };
  const hold = createHold(sink, complete);

  return {
    sink: hold.sink,
    cells(frame, above) {
      const owner = ownerOf(frame, above);
      cells[TITLE - 3] = owner.type === 'file' || owner.type === 'artifact' ? '' : titleOf(owner);
      cells[INDICATES - 3] = '';
      cells[MARKING - 3] = joinedTexts(owner, ' ', 'object_marking_refs');
      cells[3] = joinedTexts(owner, ', ', 'indicator_types', 'labels');
      cells[ID - 3] = fieldText(owner, 'id');
      return cells;
    },
    ended(frame) {
      const id = fieldText(frame, 'id');
      if (frame.type === 'relationship') {
        const source = fieldText(frame, 'source_ref');
        const targets = indicates.get(source) ?? [];
        if (targets.length < 16 && /^(indicates|based-on|derived-from)$/.test(fieldText(frame, 'relationship_type'))) {
          remember(indicates, source, [...targets, fieldText(frame, 'target_ref').slice(0, LONGEST_ID)]);
        }
      } else if (frame.type === 'marking-definition') {
        const label = tlpOf(id);
        remember(markings, id, label === id ? titleOf(frame) || id : label);
        lastMarked = NO_MARKING;
      } else if (frame.type === 'note') {
        textsOf(frame, 'object_refs').forEach((about) => note(about, fieldText(frame, 'content')));
      } else if (NAMED.has(frame.type)) {
        remember(names, id, titleOf(frame));
      }
    },
    end: () => hold.release(complete),
  };
}

/** The object with an id that a record lies in: the indicator, the observed data, the file itself. */
function ownerOf(frame: Frame, above: readonly Frame[]): Frame {
  if (fieldText(frame, 'id') !== '') {
    return frame;
  }
  const holders = above.filter((one) => one.isObject && fieldText(one, 'id') !== '' && one.type !== 'bundle');
  return holders.at(-1) ?? frame;
}

function titleOf(frame: Frame): string {
  for (const name of frame.names) {
    if (name.stem === '' && name.rank === 1) {
      return name.text;
    }
  }
  return '';
}

/** Texts of the fields of these names, one name behind the other. */
function joinedTexts(frame: Frame, between: string, ...names: readonly string[]): string {
  let joined: string | null = null;
  for (const name of names) {
    for (const field of frame.fields) {
      if (field.name === name) {
        joined = joined === null ? field.text : joined + between + field.text;
      }
    }
  }
  return joined ?? '';
}

function textsOf(frame: Frame, name: string): string[] {
  return frame.fields.filter((field) => field.name === name).map(({ text }) => text);
}
