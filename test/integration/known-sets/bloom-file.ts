/** A filter as its specification describes it, written apart from the code that reads it. */
export function filterOf(keys: readonly string[], capacity: number, rate: number): Buffer {
  const bits = Math.ceil(-(capacity * Math.log(rate)) / Math.log(2) ** 2);
  const rounds = Math.ceil((Math.log(2) * bits) / capacity);
  const words = new BigUint64Array(Math.ceil(bits / 64));
  const wrap = 1n << 64n;
  const prime = wrap - 59n;
  for (const key of keys) {
    let hash = 14_695_981_039_346_656_037n;
    for (const character of key) {
      hash = (hash * 1_099_511_628_211n) % wrap;
      hash ^= BigInt(character.codePointAt(0) ?? 0);
    }
    hash %= prime;
    for (let round = 0; round < rounds; round += 1) {
      hash = ((hash * 18_446_744_073_709_550_147n) % wrap) % prime;
      const bit = Number(hash % BigInt(bits));
      words[Math.floor(bit / 64)] = (words[Math.floor(bit / 64)] ?? 0n) | (1n << BigInt(bit % 64));
    }
  }
  const header = Buffer.alloc(48);
  for (const [place, value] of [1, capacity, 0, rounds, bits, keys.length].entries()) {
    header.writeBigUInt64LE(BigInt(value), place * 8);
  }
  header.writeDoubleLE(rate, 16);
  return Buffer.concat([header, Buffer.from(words.buffer), Buffer.from('{"made":"by a test"}')]);
}
