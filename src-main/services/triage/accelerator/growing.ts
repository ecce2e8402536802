const START = 4096;

/** A column of whole numbers that grows by doubling. */
class Growing<A extends Uint8Array | Uint16Array | Uint32Array> {
  #array: A;
  #length = 0;
  readonly #make: (length: number) => A;

  constructor(make: (length: number) => A) {
    this.#make = make;
    this.#array = make(START);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#array.length) {
      const larger = this.#make(this.#length * 2);
      larger.set(this.#array);
      this.#array = larger;
    }
    this.#array[this.#length] = value;
    this.#length += 1;
  }

  /** What was pushed, sharing the column's memory. */
  values(): A {
    return this.#array.subarray(0, this.#length) as A;
  }
}

export class GrowingU8 extends Growing<Uint8Array> {
  constructor() {
    super((length) => new Uint8Array(length));
  }
}
export class GrowingU16 extends Growing<Uint16Array> {
  constructor() {
    super((length) => new Uint16Array(length));
  }
}
export class GrowingU32 extends Growing<Uint32Array> {
  constructor() {
    super((length) => new Uint32Array(length));
  }
}
