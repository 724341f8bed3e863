/** What is at a place of a structure; `at`: it is the place itself that counts. */
export type Kind = "ptr" | "fn" | "ssize" | "u8" | "u16" | "u32" | "i32" | "u64" | "i64" | "f64" | "at";
/** Offset, or address, and kind. */
export type Field = readonly [number, Kind];
