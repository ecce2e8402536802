import { calls, type CallName, type Handlers } from '#shared/contract/index.ts';

export interface RecordedCall {
  readonly name: CallName;
  readonly input: unknown;
}

/** Handlers for the whole contract that record what reaches them and answer with one value, or throw it. */
export function recordingHandlers(answer: (name: CallName) => unknown = () => ({})): {
  readonly handlers: Handlers;
  readonly reached: RecordedCall[];
} {
  const reached: RecordedCall[] = [];
  const handlers = Object.fromEntries(
    (Object.keys(calls) as CallName[]).map((name) => [
      name,
      (input: unknown) => {
        reached.push({ name, input });
        return answer(name);
      },
    ]),
  ) as unknown as Handlers;
  return { handlers, reached };
}
