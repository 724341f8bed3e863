/** The interfaces by which the machine is connected with networks. */

import { readdirSync, readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import type { NetworkName } from "../../kernel/netnames.ts";

const FOLDER = "/sys/class/net";

/** All of them by their numbers, on Linux; elsewhere those that Node tells the number of, by an address of theirs. */
export function interfaces(): NetworkName[] {
  let found: NetworkName[];
  try {
    found = readdirSync(FOLDER).map((name) => ({
      number: Number(readFileSync(`${FOLDER}/${name}/ifindex`, "utf8")),
      names: [name],
    }));
  } catch {
    found = Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) => {
      const scoped = addresses.find((one) => one.family === "IPv6" && one.scopeid > 0);
      return scoped?.family === "IPv6" ? [{ number: scoped.scopeid, names: [name] }] : [];
    });
  }
  return found.sort((a, b) => a.number - b.number);
}

/** The name of an interface; its number where it has none. */
export const interfaceName = (number: number): string =>
  interfaces().find((one) => one.number === number)?.names[0] ?? String(number);

/** The number of an interface, by its name or as digits; undefined where there is none. */
export function interfaceNumber(name: string): number | undefined {
  return /^\d+$/.test(name) ? Number(name) : interfaces().find((one) => one.names[0] === name)?.number;
}
