import { AppError } from '#shared/errors/app-error.ts';

/** Stands for a service while it is being built: every call is refused with a sentence. */
export function unbuilt<T extends object>(what: string, quiet: Partial<T> = {}): T {
  return new Proxy(quiet as T, {
    get: (target, name) =>
      (target as Record<string | symbol, unknown>)[name] ??
      (() => {
        throw new AppError('UNSUPPORTED', `${what} cannot be used yet.`);
      }),
  });
}
