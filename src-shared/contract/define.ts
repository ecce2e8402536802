import type { z } from 'zod';

/** One call of the contract: what it guarantees, what goes in, what comes out. */
export interface Call<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly doc: string;
  readonly input: I;
  readonly output: O;
}

/** One push from main to the window. */
export interface Push<P extends z.ZodType = z.ZodType> {
  readonly doc: string;
  readonly payload: P;
}

export function call<I extends z.ZodType, O extends z.ZodType>(doc: string, input: I, output: O): Call<I, O> {
  return { doc, input, output };
}

export function push<P extends z.ZodType>(doc: string, payload: P): Push<P> {
  return { doc, payload };
}
