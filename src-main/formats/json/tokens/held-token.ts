/** The bytes of one token that the end of a chunk cut, kept until its rest is there. Memory is used again. */
export class HeldToken {
  bytes: Buffer = Buffer.alloc(256);
  length = 0;
  /** True once more bytes came than the limit allows; only the first ones are kept then. */
  isOverlong = false;

  clear(): void {
    this.length = 0;
    this.isOverlong = false;
  }

  /** Adds [from, end) of `bytes`, up to `limit` bytes in all. */
  add(bytes: Buffer, from: number, end: number, limit: number): void {
    const needed = this.length + end - from;
    this.isOverlong = this.isOverlong || needed > limit;
    const take = Math.min(end - from, limit - this.length);
    if (this.length + take > this.bytes.length) {
      const larger = Buffer.alloc(Math.max(this.length + take, this.bytes.length * 2));
      this.bytes.copy(larger, 0, 0, this.length);
      this.bytes = larger;
    }
    bytes.copy(this.bytes, this.length, from, from + take);
    this.length += take;
  }
}
