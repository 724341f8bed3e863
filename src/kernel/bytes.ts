/** Bytes that wait to be read. */
export class Bytes {
  private pieces: Uint8Array[] = [];
  length = 0;

  add(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.pieces.push(bytes);
    this.length += bytes.length;
  }

  /** Takes up to `most` bytes; with `keep` they stay. */
  take(most: number, keep = false): Uint8Array {
    const out = new Uint8Array(Math.min(most, this.length));
    let at = 0;
    let used = 0;
    for (; at < out.length; used++) {
      const piece = this.pieces[used]!.subarray(0, out.length - at);
      out.set(piece, at);
      at += piece.length;
    }
    if (keep) return out;
    this.length -= out.length;
    let left = out.length;
    while (left > 0) {
      const first = this.pieces[0]!;
      if (first.length > left) this.pieces[0] = first.subarray(left);
      else this.pieces.shift();
      left -= Math.min(left, first.length);
    }
    return out;
  }
}
