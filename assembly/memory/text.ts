// Text for people, written without an object: a line is built in a small buffer in the roots and handed to a sink, a
// function `(address, length)` known by its table index. Bytes are UTF-8.
//
// The invariant: `text_length` is at most LINE_MAX, and between two calls of textFlush the line belongs to one writer
// (the GIL is held).

import { memoryRoots } from "../generated/runtime";

const LINE_MAX: u32 = 160;

/** Sends the lines that follow to the function with table index `sink`; 0 drops them. */
export function textTo(sink: u32): void {
  memoryRoots.text_sink = sink;
  memoryRoots.text_length = 0;
}

/** Hands what the line holds to the sink. */
export function textFlush(): void {
  const length = memoryRoots.text_length;
  memoryRoots.text_length = 0;
  const sink = memoryRoots.text_sink;
  if (length !== 0 && sink !== 0) call_indirect<void>(sink, memoryRoots.text_line, <usize>length);
}

/** Appends one byte. A line feed hands the line to the sink. */
export function textByte(byte: u32): void {
  const length = memoryRoots.text_length;
  store<u8>(memoryRoots.text_line + <usize>length, <u8>byte);
  memoryRoots.text_length = length + 1;
  if (byte === 10 || length + 1 === LINE_MAX) textFlush();
}

/** Appends the ASCII characters of `s`, a literal. */
export function text(s: string): void {
  const units = changetype<usize>(s);
  const count = s.length;
  for (let i = 0; i < count; i++) textByte(load<u16>(units + ((<usize>i) << 1)));
}

/** Appends `count` blanks. */
function blanks(count: i32): void {
  for (; count > 0; count--) textByte(32);
}

/** How many characters `value` takes in decimal, with or without a comma after every three digits. */
function decimalWidth(value: u64, commas: bool): i32 {
  let digits = 1;
  for (let v = value; v >= 10; v /= 10) digits++;
  return commas ? digits + (digits - 1) / 3 : digits;
}

/** Appends `value` in decimal, right-aligned in `width` characters, with commas between thousands where wanted. */
function decimal(value: u64, width: i32, commas: bool): void {
  blanks(width - decimalWidth(value, commas));
  let power: u64 = 1;
  let digits = 1;
  for (let v = value; v >= 10; v /= 10) {
    power *= 10;
    digits++;
  }
  for (; digits > 0; digits--) {
    textByte(48 + <u32>((value / power) % 10));
    power /= 10;
    if (commas && digits > 1 && (digits - 1) % 3 === 0) textByte(44);
  }
}

/** Appends `value` in decimal, right-aligned in `width` characters. */
export function textNumber(value: u64, width: i32): void {
  decimal(value, width, false);
}

/** Appends `value` in hexadecimal with `digits` digits, or as many as it takes when `digits` is 0. */
export function textHex(value: u64, digits: i32): void {
  if (digits === 0) {
    digits = 1;
    for (let v = value >> 4; v !== 0; v >>= 4) digits++;
  }
  for (let shift = (digits - 1) << 2; shift >= 0; shift -= 4) {
    const nibble = <u32>(value >> shift) & 15;
    textByte(nibble < 10 ? 48 + nibble : 87 + nibble);
  }
}

/** Ends the line that holds a label: pads it to 35 characters, then "=" and `value` with commas in 21. Returns it. */
export function textFigure(value: u64): u64 {
  blanks(35 - <i32>memoryRoots.text_length);
  textByte(61);
  decimal(value, 21, true);
  textByte(10);
  return value;
}
