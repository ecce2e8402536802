import { refuse } from '../answers.ts';
import type { SimulatedSource } from '../port.ts';
import { answered } from './envelope.ts';
import { listed } from './paging.ts';
import { entryOf, objectIn, optionalText, textOf, type Route, type RouteWorld } from './route.ts';

/** What kinds of sources there are; only the first can be made by a client. */
const SOURCE_TYPES = [
  { id: 1, name: 'api-client', type: 'api-client', description: 'Documents sent by a client', canAutoQuickScan: true },
  {
    id: 2,
    name: 'user-upload',
    type: 'user-upload',
    description: 'Documents uploaded by hand',
    canAutoQuickScan: true,
  },
  { id: 3, name: 'tanium-signals', type: 'tanium-signals', description: 'Tanium Signals', canAutoQuickScan: false },
  { id: 4, name: 'folder', type: 'folder', description: 'Documents in a folder', canAutoQuickScan: true },
];

/** Sources of documents. Two of one name may stand side by side. */
export const SOURCE_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    pattern: /^\/source-types$/,
    area: 'sources',
    answer: (_asked, { behaviour }) => answered(behaviour, SOURCE_TYPES),
  },
  {
    method: 'GET',
    pattern: /^\/sources$/,
    area: 'sources',
    answer: ({ request }, world) => {
      const filters = {
        name: (source: SimulatedSource) => source.name,
        type: (source: SimulatedSource) => source.type,
      };
      const rows = listed(world.state.sources.values(), request.query, filters, world.behaviour);
      return answered(
        world.behaviour,
        rows.map((source) => row(source, world)),
      );
    },
  },
  {
    method: 'POST',
    pattern: /^\/sources$/,
    area: 'sources',
    answer: ({ request }, world) => {
      const body = objectIn(request);
      const type = textOf(body['type'], 'type');
      if (type !== 'api-client') {
        throw refuse(400, `a source of type ${type} cannot be made`);
      }
      const name = textOf(body['name'], 'name');
      const description = optionalText(body['description'], 'description');
      return { kind: 'write', counts: 'sources', perform: () => made({ type, name, description }, world) };
    },
  },
  {
    method: 'DELETE',
    pattern: /^\/sources\/(\d+)$/,
    area: 'sources',
    answer: ({ params }, { state, behaviour }) => {
      const { id, name } = entryOf(state.sources, params[0], 'source');
      return {
        kind: 'write',
        counts: 'sources',
        perform: () => {
          state.apply({ kind: 'source-removed', id });
          return { answer: answered(behaviour, {}), did: `source ${id} (${name}) removed` };
        },
      };
    },
  },
];

function made(
  about: Pick<SimulatedSource, 'type' | 'name' | 'description'>,
  world: RouteWorld,
): { readonly answer: ReturnType<typeof answered>; readonly did: string } {
  const { state, options, behaviour } = world;
  const id = state.nextId('sources');
  const source = { id, ...about, createdAt: new Date(options.now()).toISOString() };
  state.apply({ kind: 'source', source });
  return { answer: answered(behaviour, row(source, world)), did: `source ${id} (${source.name}) created` };
}

function row(source: SimulatedSource, { state, options }: RouteWorld): Readonly<Record<string, unknown>> {
  const own = [...state.intels.values()].filter((intel) => intel.sourceId === source.id);
  const signals = own.filter((intel) => intel.type === 'tanium-signal').length;
  return {
    ...source,
    enabled: true,
    ...(options.api === '3' ? { canAutoQuickScan: true } : {}),
    indicatorCount: own.length - signals,
    signalCount: signals,
    updatedAt: source.createdAt,
  };
}
