import { type DialectReading, fieldText } from '../json/dialect.ts';
import type { Frame } from '../json/frame.ts';
import { createHold } from '../json/hold.ts';
import type { RecordSink } from '../record-sink.ts';
import { listOf } from './list-of.ts';

/** Places of the cells that are completed when an event ends. */
const EVENT = 6;
const TAGS = 7;
const MOST_TAGS = 64;

/** Carries what an attribute says of itself; its event's tags, which come behind it, are filled in when the event ends. */
export function openMisp(sink: RecordSink): DialectReading {
  /** Tags by the depth of what they are tied to. */
  const tags: string[][] = [];
  /** What an attribute says about its event when it lies in none. */
  let info = '';
  const cells = ['', '', '', '', '', ''];
  const hold = createHold(sink, () => undefined);

  const addTag = (depth: number, name: string): void => {
    const known = (tags[depth] ??= []);
    if (known.length < MOST_TAGS && name !== '' && !known.includes(name)) {
      known.push(name);
    }
  };
  const endEvent = (event: Frame, depth: number): void => {
    const title = fieldText(event, 'info');
    const ofEvent = tags[depth] ?? [];
    const allOfEvent = ofEvent.join(', ');
    hold.release((carried) => {
      const own = carried[TAGS] ?? '';
      carried[EVENT] = carried[EVENT] === '' ? title : (carried[EVENT] ?? '');
      carried[TAGS] = own === '' ? allOfEvent : withTags(own, ofEvent);
    });
  };

  return {
    sink: hold.sink,
    cells(frame, above) {
      const isOpen = above.at(-1) === frame;
      const event = above.find((one) => one.rule.name === 'Event');
      cells[0] = fieldText(frame, 'category');
      cells[1] = fieldText(frame, 'to_ids');
      cells[2] = fieldText(frame, 'comment');
      cells[3] = event === undefined ? info : fieldText(event, 'info');
      cells[4] = (tags[isOpen ? above.length - 1 : above.length] ?? []).join(', ');
      cells[5] = fieldText(frame, 'uuid');
      return cells;
    },
    ended(frame, above) {
      const depth = above.length;
      const list = listOf(frame, above[depth - 1]);
      if (list === 'Tag') {
        addTag(frame.rule.name === 'Tag' ? depth - 1 : depth - 2, fieldText(frame, 'name'));
      } else if (list === 'Event' && above.some((one) => one.rule.name === 'Attribute')) {
        info = fieldText(frame, 'info');
      } else if (list === 'Event' && !above.some((one) => one.rule.name === 'Event')) {
        endEvent(frame, depth);
      } else if (list === 'Attribute') {
        info = '';
      }
      tags.length = Math.min(tags.length, depth);
    },
    end: () => hold.release(() => undefined),
  };
}

/** The tags of an attribute, as it carries them, and those of its event. */
function withTags(own: string, ofEvent: readonly string[]): string {
  const ownTags = own.split(', ').filter((tag) => tag !== '');
  return [...new Set([...ownTags, ...ofEvent])].join(', ');
}
