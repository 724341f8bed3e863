/**
 * Errors as CPython prints them at the end of a traceback: the line, carets below the part that is wrong, the message.
 *
 * Mirrors `TracebackException._format_syntax_error` (`Lib/traceback.py`).
 */
import { PyCompileError, type PySyntaxError } from "./errors.ts";

/** Without a line break at the end. The line is quoted if the error brings it along. */
export function describeError(e: PySyntaxError | PyCompileError): string {
  if (e instanceof PyCompileError) return `${e.type}: ${e.msg}`;
  if (e.lineno === null) return `${e.type}: ${e.msg}${e.filename === null ? "" : ` (${e.filename})`}`;
  const place = `  File "${e.filename ?? "<string>"}", line ${e.lineno}\n`;
  return `${place}${e.text === null ? "" : markedLine(e.text, e)}${e.type}: ${e.msg}`;
}

function markedLine(text: string, e: PySyntaxError): string {
  // Columns count characters, of which JavaScript may see two units.
  const line = [...text.replace(/\n+$/, "")];
  const textLength = [...text].length;
  const shown = [...line.join("").replace(/^[ \n\f]+/, "")];
  const indent = line.length - shown.length;
  const plain = `    ${shown.join("")}\n`;
  if (e.offset === null) return plain;
  let start = e.offset;
  let end = e.lineno === e.endLineno ? e.endOffset || start : line.length + 1;
  if (start > textLength) start = line.length + 1;
  if (end > textLength) end = line.length + 1;
  if (start >= end) end = start + 1;
  const column = start - 1 - indent;
  if (column < 0) return plain;
  // White space other than blanks is kept, so that the carets stand right.
  const space = shown.slice(0, column).map((ch) => (/\s/.test(ch) ? ch : " "));
  return `${plain}    ${space.join("")}${"^".repeat(end - start)}\n`;
}
