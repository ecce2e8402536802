import { createHash } from 'node:crypto';
import type { ApiRequest } from '../../server/api.ts';
import type { SearchTerm, SimulatedIntel } from '../port.ts';
import { XmlError } from './cursor.ts';
import { OpenIocError, readOpenIoc } from './openioc.ts';
import { parseXml } from './xml.ts';

/** What a document is by itself, wherever it is kept. */
export interface PostedDocument extends Pick<
  SimulatedIntel,
  'type' | 'typeVersion' | 'isSchemaValid' | 'intrinsicId' | 'name' | 'description' | 'md5' | 'contents' | 'invalid'
> {
  /** What it searches for; nothing when it is not valid or of another type. */
  readonly terms: readonly SearchTerm[];
}

const TYPES: Readonly<Record<string, SimulatedIntel['type']>> = {
  openioc: 'openioc',
  ioc: 'openioc',
  stix: 'stix',
  yara: 'yara',
};
const EXTENSIONS: Readonly<Record<string, SimulatedIntel['type']>> = { ioc: 'openioc', stix: 'stix', yara: 'yara' };

/**
 * Reads an uploaded document: its type from the `type` header, else from the file name's extension; without either it is
 * taken for YARA, whatever it is.
 */
export function readPosted(request: Pick<ApiRequest, 'headers' | 'body'>): PostedDocument {
  const { headers, body } = request;
  const fileName = /filename="?([^";]*)"?/i.exec(headers['content-disposition'] ?? '')?.[1]?.trim() ?? '';
  const said = headers['type']?.trim().toLowerCase() ?? '';
  if (said === '' && fileName === '' && (headers['content-type'] ?? '').startsWith('application/json')) {
    return readSignal(body);
  }
  const extension = /\.([^.]+)$/.exec(fileName)?.[1]?.toLowerCase() ?? '';
  const type = (said === '' ? EXTENSIONS[extension] : TYPES[said]) ?? 'yara';
  if (type === 'openioc') {
    return readIoc(body, fileName);
  }
  const isXml = looksLikeXml(body);
  const invalid = isXml === (type === 'stix') ? '' : `not a ${type} document`;
  return {
    type,
    typeVersion: type === 'stix' ? '1.2' : '4.3.1',
    isSchemaValid: invalid === '',
    intrinsicId: type === 'yara' ? fileName : '',
    name: headers['name'] ?? (fileName === '' ? 'unnamed' : fileName),
    description: headers['description'] ?? '',
    ...contentsOf(body),
    terms: [],
    invalid,
  };
}

/** What a document searches for; nothing when it is none of these or not valid. */
export function termsIn(intel: Pick<SimulatedIntel, 'type' | 'isSchemaValid' | 'contents'>): readonly SearchTerm[] {
  return intel.type === 'openioc' && intel.isSchemaValid
    ? readOpenIoc(parseXml(Buffer.from(intel.contents))).terms
    : [];
}

function readIoc(body: Buffer, fileName: string): PostedDocument {
  const about = { type: 'openioc', ...contentsOf(body) } as const;
  try {
    const { id, version, name, description, terms } = readOpenIoc(parseXml(body));
    return {
      ...about,
      typeVersion: version,
      isSchemaValid: true,
      intrinsicId: id,
      name,
      description,
      terms,
      invalid: '',
    };
  } catch (error) {
    if (!(error instanceof XmlError || error instanceof OpenIocError)) {
      throw error;
    }
    const invalid = error.message;
    return {
      ...about,
      typeVersion: '1.0',
      isSchemaValid: false,
      intrinsicId: '',
      name: fileName === '' ? 'unnamed' : fileName,
      description: '',
      terms: [],
      invalid,
    };
  }
}

function readSignal(body: Buffer): PostedDocument {
  const signal = parsedObject(body);
  const { name, contents, description } = signal ?? {};
  const isSchemaValid = typeof name === 'string' && name !== '' && typeof contents === 'string';
  return {
    type: 'tanium-signal',
    typeVersion: '1.0',
    isSchemaValid,
    intrinsicId: '',
    name: typeof name === 'string' ? name : 'unnamed',
    description: typeof description === 'string' ? description : '',
    ...contentsOf(body),
    terms: [],
    invalid: isSchemaValid ? '' : 'a signal needs a name and contents',
  };
}

function parsedObject(body: Buffer): Readonly<Record<string, unknown>> | null {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : null;
  } catch {
    // A body that is no JSON is told to the client as a document that is not valid.
    return null;
  }
}

function looksLikeXml(body: Buffer): boolean {
  return body.subarray(0, 200).toString('latin1').trimStart().startsWith('<');
}

function contentsOf(body: Buffer): Pick<PostedDocument, 'contents' | 'md5'> {
  return { contents: body.toString('utf8'), md5: createHash('md5').update(body).digest('hex') };
}
