import { basename, resolve } from 'node:path';
import type { StartIntake } from './port.ts';

/** What an intake is called: the title it was given, else its first input and how many others there are. */
export function titleOf(request: Pick<StartIntake, 'inputs' | 'title'>): string {
  const [first, ...others] = request.inputs;
  if (request.title !== undefined && request.title !== '') {
    return request.title;
  }
  const name =
    first === undefined ? '' : first.kind === 'path' ? basename(resolve(first.path)) || first.path : first.name;
  return others.length === 0 ? name : `${name} and ${others.length} more`;
}
