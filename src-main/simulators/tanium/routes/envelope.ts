import type { ApiAnswer } from '../../server/api.ts';
import { json } from '../answers.ts';
import type { TaniumBehaviour } from '../port.ts';

/** An answer of Threat Response: in `{data: …}` or bare, by how the server behaves. `beside` stands next to the data. */
export function answered(
  behaviour: Pick<TaniumBehaviour, 'wrapped'>,
  value: unknown,
  beside: Readonly<Record<string, unknown>> = {},
): ApiAnswer {
  return json(behaviour.wrapped ? { data: value, ...beside } : value);
}
