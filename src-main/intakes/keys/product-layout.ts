/**
 * What names the products of keys, in sections of the same file:
 *
 * ```
 * products        bytes   per product: u32 LE length, u32 LE CRC-32, UTF-8 JSON [name, version, system, maker]
 * products.at     u32     where each product begins
 * products.several  u32   four numbers each: how many products (high bit: at least), and the first three of them
 * name.refs       u32     per key of `name`: a product, or with the high bit set a place in `products.several`
 * ```
 * Product 0 stands for one that is not named. `name.refs` and `products.several` have checksums (`….sums`) over every
 * INDEX_BLOCK bytes.
 */
export interface ProductName {
  readonly name: string;
  readonly version: string;
  /** The operating system it is for; '' where that is not told. */
  readonly system: string;
  readonly maker: string;
}

export const PRODUCTS = 'products';
export const PRODUCTS_AT = 'products.at';
export const SEVERAL = 'products.several';
export const SEVERAL_BYTES = 16;
/** Products that are named where a key has several. */
export const FIRST_PRODUCTS = 3;
export const HIGH_BIT = 0x8000_0000;
export const NO_PRODUCT = 0;
/** Fills the places of products that are not there. */
export const NOTHING = 0xff_ff_ff_ff;
