/** The script that a user starts: it loads the command, from V8's code cache. */
import { loadScript } from "../process/script.ts";

const { start } = loadScript(__dirname, "command") as typeof import("./main.ts");
// At once: what Node holds is not taken down piece by piece.
if (start()) process.exit();
