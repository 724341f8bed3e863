/** The script that a user starts: it loads the command, from V8's code cache. */
import { loadScript } from "../process/script.ts";

(loadScript(__dirname, "command") as typeof import("./main.ts")).start();
