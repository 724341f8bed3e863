/**
 * Names and numbers of services and protocols, from the files that the system has of them; where there are none, those that
 * programs name.
 */

import type { Files } from "./services.ts";

/** What has a name and a number; `protocol`: of a service. */
export interface NetworkName {
  number: number;
  /** The first is its own, others are as good. */
  names: string[];
  protocol?: string | undefined;
}

const SERVICES = `ftp 21/tcp\nssh 22/tcp\ntelnet 23/tcp\nsmtp 25/tcp mail\ndomain 53/tcp\ndomain 53/udp\nhttp 80/tcp www
pop3 110/tcp\nnntp 119/tcp\nntp 123/udp\nimap2 143/tcp imap\nhttps 443/tcp\nhttps 443/udp`;
const PROTOCOLS = "ip 0 IP\nicmp 1 ICMP\ntcp 6 TCP\nudp 17 UDP\nipv6 41 IPv6\nipv6-icmp 58 IPv6-ICMP";

/** Reads lines NAME NUMBER[/PROTOCOL] ALIAS... # COMMENT. */
function parse(text: string): NetworkName[] {
  const all: NetworkName[] = [];
  for (const line of text.split("\n")) {
    const [name, place = "", ...aliases] = line.replace(/#.*/, "").trim().split(/\s+/);
    const [digits = "", protocol] = place.split("/");
    if (name && /^\d+$/.test(digits)) all.push({ number: Number(digits), names: [name, ...aliases], protocol });
  }
  return all;
}

/** `read` gives the text of a file; undefined where it cannot be read. */
export const networkServices = (read: (path: string) => string | undefined): NetworkName[] =>
  parse(read("/etc/services") ?? SERVICES);

export const networkProtocols = (read: (path: string) => string | undefined): NetworkName[] =>
  parse(read("/etc/protocols") ?? PROTOCOLS);

/** Those of a name, or of a number where that is empty: all where it is negative. `protocol` "": any. */
export function matching(all: readonly NetworkName[], name: string, number: number, protocol = ""): NetworkName[] {
  return all.filter(
    (one) =>
      (name === "" ? number < 0 || one.number === number : one.names.includes(name)) &&
      (protocol === "" || one.protocol === protocol),
  );
}

/** Reads text from files that are granted. */
export function textReader(files: Files | undefined): (path: string) => string | undefined {
  return (path) => {
    try {
      const file = files?.open(new TextEncoder().encode(path), 0, 0);
      if (file === undefined) return undefined;
      const pieces: Uint8Array[] = [];
      try {
        for (;;) {
          const piece = new Uint8Array(65536);
          const length = file.read(piece);
          if (length === 0) break;
          pieces.push(piece.subarray(0, length));
        }
      } finally {
        file.close();
      }
      return pieces.map((piece) => new TextDecoder("latin1").decode(piece)).join("");
    } catch {
      return undefined;
    }
  };
}
