import { AppError, isAppError } from '#shared/errors/app-error.ts';
import type { FeatureHandlers, HandlerParts } from './parts.ts';

/** Single hashes. */
export function lookupHandlers({ lookup, options }: HandlerParts): FeatureHandlers<'lookup'> {
  return {
    'lookup.find': ({ text }) => lookup.find(text),
    'lookup.ask': ({ hash, sources, again }) => lookup.ask(hash, sources, again),
    'lookup.openPage': async ({ hash, source }) => {
      const url = await lookup.page(hash, source);
      if (options.openPage === undefined) {
        throw new AppError('UNSUPPORTED', `This shell cannot open a browser. The page is ${url}`);
      }
      try {
        await options.openPage(url);
      } catch (cause) {
        throw isAppError(cause)
          ? cause
          : new AppError('UNSUPPORTED', `The system's browser could not be started. The page is ${url}`, { cause });
      }
      return {};
    },
  };
}
