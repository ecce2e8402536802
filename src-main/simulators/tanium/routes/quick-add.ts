import { randomUUID } from 'node:crypto';
import { refuse } from '../answers.ts';
import { quickAddDocument, recognise } from '../document/quick-add.ts';
import type { TaniumBehaviour } from '../port.ts';
import { answered } from './envelope.ts';
import { objectIn, optionalText, textOf, type Route } from './route.ts';

const FILE_KINDS = { new: 'File Hashes', old: 'file_hash' } as const;
const NETWORK_KINDS = { new: 'Network Indicators', old: 'ip_or_host' } as const;
const SEPARATORS = { newline: /\r?\n/, comma: /,/, both: /\r?\n|,/ } as const;

/** Writes an OpenIOC document for a list of values and keeps nothing. */
export const QUICK_ADD_ROUTES: readonly Route[] = [
  {
    method: 'POST',
    pattern: /^\/intels\/quick-add$/,
    area: 'quick-add',
    answer: ({ request }, { behaviour, options }) => {
      const body = objectIn(request);
      const isFileKind = isFile(textOf(body['type'], 'type'), behaviour.quickAddTypes);
      const texts = textOf(body['text'], 'text').split(SEPARATORS[behaviour.quickAddSeparator]);
      const values = [...new Set(texts.map((text) => text.trim()))]
        .filter((text) => text !== '')
        .map((text) => {
          const value = recognise(text, isFileKind);
          if (value === null) {
            throw refuse(400, `${text.slice(0, 80)} is not valid for this type`);
          }
          return value;
        });
      const about = {
        name: textOf(body['name'], 'name'),
        description: optionalText(body['description'], 'description'),
        isExact: body['exact'] === true,
        at: options.now(),
      };
      const xml = quickAddDocument(about, values, randomUUID());
      if (behaviour.quickAddAsJson) {
        return answered(behaviour, xml);
      }
      return { status: 200, headers: { 'content-type': 'application/xml; charset=utf-8' }, body: xml };
    },
  },
];

function isFile(type: string, names: TaniumBehaviour['quickAddTypes']): boolean {
  const known = names === 'both' ? (['new', 'old'] as const) : ([names] as const);
  if (known.some((name) => FILE_KINDS[name] === type)) {
    return true;
  }
  if (known.some((name) => NETWORK_KINDS[name] === type)) {
    return false;
  }
  throw refuse(400, `type ${type.slice(0, 80)} is not valid`);
}
