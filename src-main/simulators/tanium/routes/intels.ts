import type { ApiAnswer, ApiRequest } from '../../server/api.ts';
import { errorAnswer, json, pageAnswer, refuse, Refused } from '../answers.ts';
import { readPosted, type PostedDocument } from '../document/posted.ts';
import type { SimulatedIntel, TaniumBehaviour } from '../port.ts';
import { answered } from './envelope.ts';
import { listed } from './paging.ts';
import { entryOf, type Route, type RouteWorld, type Write } from './route.ts';

/** Documents uploaded without naming a source. */
const UPLOADS = 1;

/** Documents: uploaded, listed, looked at, replaced and removed. */
export const INTEL_ROUTES: readonly Route[] = [
  {
    method: 'POST',
    pattern: /^\/sources\/(\d+)\/intels$/,
    area: 'intels',
    answer: ({ request, params }, world) =>
      uploaded(request, entryOf(world.state.sources, params[0], 'source').id, null, world),
  },
  {
    method: 'POST',
    pattern: /^\/intels\/?$/,
    area: 'intels',
    answer: ({ request }, world) => uploaded(request, UPLOADS, null, world),
  },
  {
    method: 'GET',
    pattern: /^\/intels\/?$/,
    area: 'intels',
    answer: ({ request }, world) => list(request, world),
  },
  {
    method: 'GET',
    pattern: /^\/intels\/(\d+)$/,
    area: 'intels',
    answer: ({ params }, { state, behaviour }) =>
      answered(behaviour, rowOf(entryOf(state.intels, params[0], 'intel'), true)),
  },
  {
    method: 'PUT',
    pattern: /^\/intels\/(\d+)$/,
    area: 'intels',
    answer: ({ request, params }, world) => {
      const old = entryOf(world.state.intels, params[0], 'intel');
      return uploaded(request, old.sourceId, old, world);
    },
  },
  {
    method: 'DELETE',
    pattern: /^\/intels\/$/,
    area: 'intels',
    answer: ({ request }, world) => removed(request.query.get('id'), world),
  },
];

function list({ query }: ApiRequest, { state, behaviour }: RouteWorld): ApiAnswer {
  const rows = listed(
    state.intels.values(),
    query,
    {
      name: (intel) => intel.name,
      description: (intel) => intel.description,
      type: (intel) => intel.type,
      mitreTechniqueId: () => [],
      labelId: (intel) => intel.labelIds.map(String),
      ...(behaviour.ignoreSourceFilter ? {} : { sourceId: (intel: SimulatedIntel) => String(intel.sourceId) }),
    },
    behaviour,
  );
  return answered(
    behaviour,
    rows.map((intel) => rowOf(intel, behaviour.contentsInLists)),
  );
}

/** In place where the root id is that of the document it is sent to; else a further document comes to be. */
function uploaded(request: ApiRequest, sourceId: number, sentTo: SimulatedIntel | null, world: RouteWorld): Write {
  const { behaviour, state } = world;
  if (behaviour.maxDocumentBytes !== null && request.body.length > behaviour.maxDocumentBytes) {
    throw new Refused(tooLarge(behaviour));
  }
  const document = readPosted(request);
  if (behaviour.maxIndicators !== null && document.terms.length > behaviour.maxIndicators) {
    throw new Refused(tooLarge(behaviour));
  }
  if (!document.isSchemaValid && behaviour.invalidDocuments === 'refused') {
    throw refuse(400, `the document is not valid: ${document.invalid}`);
  }
  const isSame = document.intrinsicId !== '' && document.intrinsicId === sentTo?.intrinsicId;
  const twin = isSame || behaviour.sameRootId === 'second' ? null : twinOf(document, sourceId, state.intels.values());
  if (twin !== null && behaviour.sameRootId === 'refused') {
    throw refuse(400, `a document with id ${document.intrinsicId} is there already`);
  }
  const old = isSame ? sentTo : twin;
  return {
    kind: 'write',
    counts: old === null ? 'created' : 'replaced',
    perform: () => put(document, sourceId, old, world),
  };
}

function put(
  document: PostedDocument,
  sourceId: number,
  old: SimulatedIntel | null,
  { state, options, behaviour }: RouteWorld,
): ReturnType<Write['perform']> {
  const at = new Date(options.now()).toISOString();
  const { terms, ...about } = document;
  const intel: SimulatedIntel = {
    id: old?.id ?? state.nextId('intels'),
    ...about,
    sourceId,
    revisionId: state.revision + 1,
    labelIds: old?.labelIds ?? [],
    createdAt: old?.createdAt ?? at,
    updatedAt: at,
  };
  state.apply({ kind: 'intel', intel }, terms);
  const did = `intel ${intel.id} ${old === null ? 'created' : 'replaced'}`;
  return { answer: answered(behaviour, rowOf(intel, true)), did };
}

function removed(id: string | null, { state, behaviour }: RouteWorld): Write {
  if (id === null || !/^\d+$/.test(id)) {
    throw refuse(400, 'id is required');
  }
  const intel = entryOf(state.intels, id, 'intel');
  return {
    kind: 'write',
    counts: 'removed',
    perform: () => {
      state.apply({ kind: 'intel-removed', id: intel.id });
      return { answer: answered(behaviour, {}), did: `intel ${intel.id} removed` };
    },
  };
}

function twinOf(document: PostedDocument, sourceId: number, intels: Iterable<SimulatedIntel>): SimulatedIntel | null {
  const twins = [...intels].filter(
    (intel) => intel.sourceId === sourceId && intel.intrinsicId === document.intrinsicId && intel.intrinsicId !== '',
  );
  return twins[0] ?? null;
}

function tooLarge({ tooLarge: how }: TaniumBehaviour): ApiAnswer {
  switch (how) {
    case 'json-413':
      return errorAnswer(413, 'the document is larger than the limit');
    case 'html-413':
      return pageAnswer(413, 'Request Entity Too Large');
    case 'json-400':
      return errorAnswer(400, 'the document exceeds the maximum size');
    case 'bare-400':
      return json({}, 400);
    case 'cut':
      return { status: 0, headers: {}, body: '', lost: true };
    default:
      throw new TypeError(`no such answer: ${String(how satisfies never)}`);
  }
}

/** A document as the server tells of it. */
function rowOf(intel: SimulatedIntel, withContents: boolean): Readonly<Record<string, unknown>> {
  const { invalid: _invalid, contents, ...told } = intel;
  return {
    ...told,
    size: Buffer.byteLength(contents),
    alertCount: 0,
    unresolvedAlertCount: 0,
    compiled: null,
    mitreAttack: null,
    platforms: [],
    blobId: `blob-${intel.md5}`,
    ...(withContents ? { contents } : {}),
  };
}
