/** Shows a page in the browser: a server on this machine's own address alone gives it to whoever knows its secret path. */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What opens an address, on each system. */
const OPENERS: Partial<Record<NodeJS.Platform, [string, ...string[]]>> = {
  darwin: ["open"],
  win32: ["cmd", "/c", "start", ""],
};

/**
 * Serves the page until the process ends, and asks the system to open it. `object`: JSON about the object at an address,
 * for which the page asks; undefined where there is none. `tell`: what people are told.
 */
export function openPage(
  html: string,
  object: (address: number) => string | undefined,
  tell: (text: string) => void,
): void {
  const path = `/${randomBytes(12).toString("hex")}/`;
  const bytes = Buffer.from(html);
  const server = createServer((request, response) => {
    const { host } = request.headers;
    // A name that leads here may be another site's.
    const asked = request.url?.startsWith(path) ? request.url.slice(path.length) : undefined;
    const isHere = /^127\.0\.0\.1:\d+$/.test(host ?? "");
    const address = /^object\/(\d{1,15})$/.exec(asked ?? "")?.[1];
    const found = isHere && address !== undefined ? object(Number(address)) : undefined;
    if (found !== undefined) {
      response.writeHead(200, { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" });
      response.end(found);
      return;
    }
    if (!isHere || asked !== "") {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      "content-type": "text/html; charset=utf-8",
      "content-length": bytes.length,
      "cache-control": "no-store",
      "content-security-policy":
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'",
      "referrer-policy": "no-referrer",
    });
    response.end(request.method === "HEAD" ? undefined : bytes);
  });
  server.on("error", (error) => tell(`vitrine: the page cannot be served: ${error.message}\n`));
  server.listen(0, "127.0.0.1", () => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
    tell(`The page is at ${url}\nCtrl-C ends it.\n`);
    const [command, ...args] = OPENERS[process.platform] ?? [process.env.BROWSER || "xdg-open"];
    const browser = spawn(command, [...args, url], { stdio: "ignore", detached: true });
    // Where there is no browser, the address was told.
    browser.on("error", () => {});
    browser.unref();
  });
}
