import { grouped } from '../grouped.ts';

/** Products that a known set names for a file. */
export interface NamedProducts {
  readonly count: number;
  /** Whether there may be more than `count`. */
  readonly atLeast: boolean;
  readonly first: readonly {
    readonly name: string;
    readonly version: string;
    readonly system: string;
    readonly maker: string;
  }[];
}

/** The products in words: "Writer 2.1 (Windows 11, Contoso), Reader 9 and 2 more products". Empty where none is named. */
export function productsText({ count, atLeast, first }: NamedProducts): string {
  const named = first.map(({ name, version, system, maker }) => {
    const called = [name, version].filter((part) => part !== '').join(' ') || 'a product without a name';
    const about = [system, maker].filter((part) => part !== '').join(', ');
    return about === '' ? called : `${called} (${about})`;
  });
  const more = count - first.length;
  const rest = more <= 0 ? '' : `${grouped(more)} more ${more === 1 ? 'product' : 'products'}`;
  const others = atLeast ? (rest === '' ? 'perhaps more products' : `at least ${rest}`) : rest;
  return [named.join(', '), others].filter((part) => part !== '').join(' and ');
}
