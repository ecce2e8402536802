import { refuse } from '../answers.ts';
import { answered } from './envelope.ts';
import { entryOf, objectIn, type Route, type RouteRequest, type RouteWorld, type Write } from './route.ts';

/** What brings documents to endpoints, and scans there. */
export const DEPLOY_ROUTES: readonly Route[] = [
  { method: 'POST', pattern: /^\/intel\/deploy$/, area: 'deploy', answer: (_asked, world) => deployed(world) },
  {
    method: 'GET',
    pattern: /^\/intel\/status$/,
    area: 'deploy',
    answer: (_asked, { state, behaviour }) => {
      const [first, last] = [state.deploys[0], state.deploys.at(-1)];
      return answered(behaviour, {
        createdAt: isoOf(first?.at),
        modifiedAt: isoOf(last?.at),
        currentRevision: last === undefined ? 0 : last.taskId,
        currentSize: last === undefined ? 0 : last.documents,
      });
    },
  },
  {
    method: 'POST',
    pattern: /^\/on-demand-scans$/,
    area: 'scans',
    answer: (asked, world) => scanned(asked, world, '4'),
  },
  { method: 'POST', pattern: /^\/quick-scans$/, area: 'scans', answer: (asked, world) => scanned(asked, world, '3') },
];

function deployed({ state, behaviour, options }: RouteWorld): Write {
  if (behaviour.deployFails !== null) {
    throw refuse(behaviour.deployFails, 'the intel cannot be deployed');
  }
  const last = state.deploys.at(-1);
  if (last !== undefined && options.now() - last.at < behaviour.deployMs) {
    throw refuse(400, 'a deployment is in progress');
  }
  return {
    kind: 'write',
    counts: 'deploys',
    perform: () => {
      const taskId = (last?.taskId ?? 0) + 1;
      state.apply({ kind: 'deploy', deploy: { at: options.now(), taskId, documents: state.intels.size } });
      return { answer: answered(behaviour, { taskId }), did: `deployed as task ${taskId}` };
    },
  };
}

function scanned({ request }: RouteRequest, world: RouteWorld, api: '4' | '3'): Write {
  const { state, behaviour, options } = world;
  if (options.api !== api) {
    throw refuse(404, 'not found');
  }
  const { computerGroupId, intelDocId } = objectIn(request);
  if (typeof computerGroupId !== 'number' || typeof intelDocId !== 'number') {
    throw refuse(400, 'computerGroupId and intelDocId must be numbers');
  }
  if (options.groups[computerGroupId] === undefined) {
    throw refuse(404, 'computer group not found');
  }
  const intel = entryOf(state.intels, intelDocId, 'intel');
  return {
    kind: 'write',
    counts: 'scans',
    perform: () => {
      const at = options.now();
      const id = state.scans.length + 1;
      state.apply({ kind: 'scan', scan: { at, computerGroupId, intelDocId } });
      const { revisionId } = intel;
      const told = {
        id,
        alertCount: 0,
        computerGroupId,
        createdAt: isoOf(at),
        intelDocId,
        questionId: id,
        revisionId,
        userId: 1,
      };
      const task = { meta: { deployTask: { status: 'STARTED', taskId: id } } };
      const did = `scan of group ${computerGroupId} for intel ${intelDocId}`;
      return { answer: answered(behaviour, told, api === '4' ? task : {}), did };
    },
  };
}

function isoOf(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}
