/** Numbers that look random, the same for the same seed (xorshift, 32 bits): recorded programs depend on them. */
export class Random {
  /** `state`: the seed, not 0. */
  constructor(public state: number) {}

  /** A number below `n`. */
  below(n: number): number {
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    return (this.state >>> 0) % n;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  /** True in so many of a hundred cases. */
  chance(percent: number): boolean {
    return this.below(100) < percent;
  }
}
