import type { ApiAnswer } from '../../server/api.ts';
import { refuse } from '../answers.ts';
import type { SimulatedIntel, SimulatedLabel } from '../port.ts';
import { answered } from './envelope.ts';
import { listed } from './paging.ts';
import { entryOf, objectIn, optionalText, textOf, type Route, type RouteWorld, type Write } from './route.ts';

/** Labels, and which documents they are on. */
export const LABEL_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    pattern: /^\/labels$/,
    area: 'labels',
    answer: ({ request }, world) => {
      const filters = { name: (label: SimulatedLabel) => label.name };
      const rows = listed(world.state.labels.values(), request.query, filters, world.behaviour);
      return rowsOf(rows, world);
    },
  },
  {
    method: 'POST',
    pattern: /^\/labels$/,
    area: 'labels',
    answer: ({ request }, world) => {
      const body = objectIn(request);
      const name = textOf(body['name'], 'name');
      return created(name, optionalText(body['description'], 'description'), world);
    },
  },
  {
    method: 'PUT',
    pattern: /^\/intels\/(\d+)\/labels$/,
    area: 'labels',
    answer: ({ request, params }, world) => {
      const intel = entryOf(world.state.intels, params[0], 'intel');
      const label = entryOf(world.state.labels, objectIn(request)['id'], 'label');
      const labelIds = [...new Set([...intel.labelIds, label.id])];
      return labelled(intel, labelIds, `label ${label.id} put on intel ${intel.id}`, world);
    },
  },
  {
    method: 'DELETE',
    pattern: /^\/intels\/(\d+)\/labels\/(\d+)$/,
    area: 'labels',
    answer: ({ params }, world) => {
      const intel = entryOf(world.state.intels, params[0], 'intel');
      const label = entryOf(world.state.labels, params[1], 'label');
      const labelIds = intel.labelIds.filter((id) => id !== label.id);
      return labelled(intel, labelIds, `label ${label.id} taken off intel ${intel.id}`, world);
    },
  },
];

function created(name: string, description: string, world: RouteWorld): Write {
  const { state, behaviour, options } = world;
  const isTaken = [...state.labels.values()].some((label) => label.name.toLowerCase() === name.toLowerCase());
  if (isTaken && behaviour.uniqueLabels) {
    throw refuse(400, 'a label of this name exists');
  }
  return {
    kind: 'write',
    counts: 'labels',
    perform: () => {
      const id = state.nextId('labels');
      const label = { id, name, description, createdAt: new Date(options.now()).toISOString() };
      state.apply({ kind: 'label', label });
      return { answer: answered(behaviour, rowOf(label, world)), did: `label ${id} (${name}) created` };
    },
  };
}

function labelled(intel: SimulatedIntel, labelIds: readonly number[], did: string, world: RouteWorld): Write {
  return {
    kind: 'write',
    counts: 'labels',
    perform: () => {
      const { state } = world;
      const terms = state.termsOf(intel);
      state.apply({ kind: 'intel', intel: { ...intel, labelIds } }, terms);
      const labels = labelIds.flatMap((id) => state.labels.get(id) ?? []);
      return { answer: rowsOf(labels, world), did };
    },
  };
}

function rowsOf(labels: readonly SimulatedLabel[], world: RouteWorld): ApiAnswer {
  return answered(
    world.behaviour,
    labels.map((label) => rowOf(label, world)),
  );
}

function rowOf(label: SimulatedLabel, { state }: RouteWorld): Readonly<Record<string, unknown>> {
  const on = [...state.intels.values()].filter((intel) => intel.labelIds.includes(label.id));
  const signals = on.filter((intel) => intel.type === 'tanium-signal').length;
  return { ...label, indicatorCount: on.length - signals, signalCount: signals, updatedAt: label.createdAt };
}
