/**
 * Look-ups of addresses by names, and of names by addresses.
 */

import { lookup, lookupService } from "node:dns";
import { readFileSync } from "node:fs";
import { isIP, SocketAddress } from "node:net";
import { AF_INET, AF_INET6, SOCK_DGRAM, SOCK_STREAM } from "../../kernel/linux.ts";
import { matching, networkServices } from "../../kernel/netnames.ts";
import { interfaceName, interfaceNumber } from "./interfaces.ts";
import { encoder, lookupError } from "./socket.ts";

const NI_NUMERICHOST = 1;
const NI_NUMERICSERV = 2;
const NI_NAMEREQD = 8;
const NI_DGRAM = 16;

/** Types of sockets, the numbers of their protocols, and under which name services have those. */
const KINDS: readonly [type: number, protocol: number, name: string][] = [
  [SOCK_STREAM, 6, "tcp"],
  [SOCK_DGRAM, 17, "udp"],
  [3, 0, ""],
];

/** Fails with one of EAI_, negated. */
function refuse(code: number): never {
  throw Object.assign(new Error("look-up"), { code: `EAI${code}` });
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return undefined;
  }
}

/** Addresses by name, as spec/syscalls.txt has the call resolve. */
export function resolve(
  host: string,
  service: string,
  family: number,
  type: number,
  protocol: number,
  flags: number,
): Promise<Uint8Array> {
  const AI_PASSIVE = 1;
  const AI_CANONNAME = 2;
  const AI_NUMERICHOST = 4;
  if (host === "" && service === "") return Promise.resolve().then(() => refuse(2));
  if (![0, AF_INET, AF_INET6].includes(family)) return Promise.resolve().then(() => refuse(6));
  const given = KINDS.filter(
    ([kind, number]) => (type === 0 || kind === type) && (protocol === 0 || number === protocol || number === 0),
  );
  if (given.length === 0) return Promise.resolve().then(() => refuse(7));
  const named = service === "" || /^\d+$/.test(service) ? undefined : matching(networkServices(read), service, -1);
  const kinds = given.flatMap(([kind, number, name]) => {
    const port = named === undefined ? Number(service) & 0xffff : named.find((one) => one.protocol === name)?.number;
    return port === undefined ? [] : [{ kind, number, port }];
  });
  if (kinds.length === 0) return Promise.resolve().then(() => refuse(8));
  const list = (addresses: { address: string; family: number }[]) => {
    const name = flags & AI_CANONNAME ? host : "";
    const lines: string[] = [];
    for (const { address: whole, family: version } of addresses) {
      const [address = "", zone] = whole.split("%");
      const scope = zone === undefined ? 0 : (interfaceNumber(zone) ?? refuse(2));
      const at = version === 6 ? AF_INET6 : AF_INET;
      if (family !== 0 && family !== at) continue;
      kinds.forEach(({ kind, number, port }, i) => {
        lines.push(`${at} ${kind} ${number} ${i === 0 ? name : ""}`, address, String(port), "0", String(scope));
      });
    }
    if (lines.length === 0) refuse(9);
    return encoder.encode(lines.join("\n"));
  };
  if (host === "") {
    const any = flags & AI_PASSIVE ? ["0.0.0.0", "::"] : ["127.0.0.1", "::1"];
    return Promise.resolve(any.map((address, i) => ({ address, family: i === 0 ? 4 : 6 }))).then(list);
  }
  const version = isIP(host);
  if (version !== 0) return Promise.resolve([{ address: asWritten(host, version), family: version }]).then(list);
  if (flags & AI_NUMERICHOST) return Promise.resolve().then(() => refuse(2));
  return new Promise<{ address: string; family: number }[]>((found, failed) => {
    lookup(host, { all: true, family: family === AF_INET ? 4 : family === AF_INET6 ? 6 : 0 }, (error, addresses) => {
      if (error) failed(lookupError(error));
      else found(addresses);
    });
  }).then(list);
}

/** A numeric address as the system writes it. */
function asWritten(host: string, version: number): string {
  if (version !== 6) return host;
  const [address = "", zone] = host.split("%");
  const written = new SocketAddress({ address, family: "ipv6" }).address;
  return zone === undefined ? written : `${written}%${zone}`;
}

/** The names of a numeric address and of a service, as spec/syscalls.txt has the call nameinfo. */
export async function nameInfo(host: string, port: number, scope: number, flags: number): Promise<Uint8Array> {
  const version = isIP(host);
  if (version === 0) refuse(2);
  let name = asWritten(host, version);
  // Within one link an interface goes by its name.
  if (scope !== 0 && !name.includes("%")) name += `%${/^(fe[89ab]|ff.2)/i.test(name) ? interfaceName(scope) : scope}`;
  if ((flags & NI_NUMERICHOST) === 0) {
    const found = await new Promise<string | undefined>((told) => {
      lookupService(name, port, (error, known) => told(error ? undefined : known));
    });
    if (found === undefined && flags & NI_NAMEREQD) refuse(2);
    name = found ?? name;
  }
  const protocol = flags & NI_DGRAM ? "udp" : "tcp";
  const services = flags & NI_NUMERICSERV ? [] : matching(networkServices(read), "", port, protocol);
  return encoder.encode(`${name}\n${services[0]?.names[0] ?? port}`);
}
