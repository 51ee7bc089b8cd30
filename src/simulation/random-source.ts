/** Seeded randomness: streams that are found again by their keys, so that no draw depends on another. Pure. */

const UINT32 = 2 ** 32;
const GOLDEN = 0x9e3779b9;

/** A stream of random numbers that is the same every time it is made from the same keys. */
export interface RandomSource {
  /** Returns a number above 0 and below 1. */
  next(): number;
  /** Returns a whole number from 0 to `count - 1`. */
  below(count: number): number;
}

/** Returns 32 bits that depend on every bit of a number's low 32 bits (the finaliser of MurmurHash3). */
export function mix32(value: number): number {
  let bits = value >>> 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** Returns 32 bits of a text: FNV-1a over its UTF-16 units, then mixed. */
export function hashText(text: string): number {
  let bits = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    bits = Math.imul(bits ^ text.charCodeAt(index), 0x01000193);
  }
  return mix32(bits);
}

/** Returns 32 bits that depend on every key and on their order; keys are whole numbers of any size. */
export function hashKeys(keys: readonly number[]): number {
  let bits = GOLDEN;
  for (const key of keys) {
    bits = mix32(bits ^ mix32((key % UINT32) + GOLDEN));
    bits = mix32(bits + Math.floor(key / UINT32));
  }
  return bits;
}

/**
 * Returns the stream of these keys.
 *
 * Source: sfc32 of Chris Doty-Humphrey's PractRand, 32 bits a number, 128 bits of state.
 */
export function createRandom(keys: readonly number[]): RandomSource {
  const seed = hashKeys(keys);
  let a = seed;
  let b = mix32(seed + GOLDEN);
  let c = mix32(seed ^ GOLDEN);
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return ((sum >>> 0) + 0.5) / UINT32;
  };
  // The first numbers still resemble the seed.
  for (let round = 0; round < 12; round += 1) next();
  return { next, below: (count) => Math.floor(next() * count) };
}
