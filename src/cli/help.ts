/** What `vitrine` says of its options. */
import { heap } from "../generated/constants.ts";
import type { Answer } from "./options.ts";

export const usage = "usage: vitrine [option] ... [-c cmd | -m mod | file | -] [arg] ...";

const kib = (bytes: number) => `${bytes / 1024} KiB`;

const options = `${usage}
       vitrine heap | look | diff | compile | dis ...

Runs a Python 3.13 program on a heap that can be seen.

Options (and the environment variables that do the same):
-b     : warn where bytes are made a str or compared with one; -bb: raise
-B     : write no .pyc files; also PYTHONDONTWRITEBYTECODE=x
-c cmd : run cmd (ends the options)
-d     : sets sys.flags.debug; also PYTHONDEBUG=x
-E     : ignore the environment's PYTHON* variables
-h     : this text; also -? or --help
-i     : prompt after the program, on a terminal or not; also PYTHONINSPECT=x
-I     : isolated: nothing from the user's environment (implies -E, -P and -s)
-m mod : run a module of the library or from sys.path (ends the options)
-O     : leave out asserts and what __debug__ guards; -OO: docstrings too; also PYTHONOPTIMIZE=x
-P     : do not begin sys.path with the program's folder; also PYTHONSAFEPATH
-q     : no version and copyright at the interactive start
-s     : without the user's site-packages; also PYTHONNOUSERSITE=x
-S     : without 'import site' at the start
-u     : standard output and error unbuffered; also PYTHONUNBUFFERED=x
-v     : tell of imports, twice to say more; also PYTHONVERBOSE=x
-V     : the version; also --version; twice to say more
-W arg : action:message:category:module:lineno; also PYTHONWARNINGS=arg
-x     : leave out the first line of the file
-X opt : set an option of the implementation
--check-hash-based-pycs always|default|never: of .pyc files with hashes
--heap[=FILE]: report what the heap holds after the run, on standard output or in a file
--heap-image FILE: save the memory after the run; "vitrine heap FILE" reads it
--gc-log FILE: log each collection and each arena that is taken or returned, a line
         of JSON each; "-": as a table on standard error. "vitrine heap" draws it
--gil-log FILE: log which thread held the interpreter's lock, which waited for it, and
         why it was given away: trace events, for ui.perfetto.dev or Chrome's tracing
--memory-limit SIZE: beyond it (64M, 1G, ...; 2 GiB otherwise) there is MemoryError
--arena-geometry G: classic (arenas of ${kib(heap.CLASSIC_ARENA_SIZE)}, pools of ${kib(heap.CLASSIC_POOL_SIZE)}; the default) or
         radix (${kib(heap.RADIX_ARENA_SIZE)}, ${kib(heap.RADIX_POOL_SIZE)}; as 3.13)
--help-env, --help-xoptions, --help-all: variables, options of -X, all texts

Arguments:
file   : a program; a .pyc file; a folder or zip archive with a __main__
-      : the program is read from standard input (the default)
arg ...: what sys.argv[1:] is

Commands ("vitrine COMMAND --help" says more; a program of such a name runs as ./heap):
  vitrine heap FILE     what a saved heap image holds, as a report, JSON or a page for the browser
  vitrine look PID      the same of a running CPython, 3.8 to 3.13, or of a core
  vitrine diff A B      what grew between two images
  vitrine compile ...   source files to .pyc files
  vitrine dis FILE      the bytecode of a source file
`;

const environment = `Environment variables:
PYTHONSTARTUP   : a file that is run at an interactive start
PYTHONPATH      : folders and archives, with ':' between them, that come before
                  the library in sys.path
PYTHONHOME      : nothing: the library is that of the command
PYTHONIOENCODING: ENCODING[:ERRORS] of stdin, stdout and stderr
PYTHONHASHSEED  : 'random' (the default), or a number in [0,4294967295] that
                  fixes the hashes of str and bytes
PYTHONMALLOC    : pymalloc, malloc, debug, pymalloc_debug or malloc_debug
PYTHONMALLOCSTATS: a report of the arenas before each new one and at the end
PYTHONBREAKPOINT: what breakpoint() calls; 0: nothing
PYTHON_COLORS   : 1: tracebacks and the prompt have colours, 0: they have not
PYTHON_HISTORY  : where the prompt keeps its history
PYTHON_BASIC_REPL: a prompt that edits one line at a time
VITRINE_ARENA_GEOMETRY: --arena-geometry

Those that do what options do:
PYTHON_CPU_COUNT (-X cpu_count), PYTHONDEBUG (-d), PYTHONDEVMODE (-X dev),
PYTHONDONTWRITEBYTECODE (-B), PYTHONFAULTHANDLER (-X faulthandler),
PYTHON_FROZEN_MODULES (-X frozen_modules), PYTHONINSPECT (-i),
PYTHONINTMAXSTRDIGITS (-X int_max_str_digits), PYTHONNODEBUGRANGES
(-X no_debug_ranges), PYTHONNOUSERSITE (-s), PYTHONOPTIMIZE (-O),
PYTHONPROFILEIMPORTTIME (-X importtime), PYTHONPYCACHEPREFIX
(-X pycache_prefix), PYTHONSAFEPATH (-P), PYTHONTRACEMALLOC (-X tracemalloc),
PYTHONUNBUFFERED (-u), PYTHONUTF8 (-X utf8), PYTHONVERBOSE (-v),
PYTHONWARNDEFAULTENCODING (-X warn_default_encoding), PYTHONWARNINGS (-W)
`;

const xoptions = `Options of the implementation:
-X cpu_count=N: what os.cpu_count() returns; also PYTHON_CPU_COUNT
-X dev : development mode: more checks and warnings; also PYTHONDEVMODE
-X faulthandler: a traceback at fatal errors; also PYTHONFAULTHANDLER
-X frozen_modules=[on|off]: whether modules of the start may be frozen ones;
         also PYTHON_FROZEN_MODULES
-X importtime: how long each import takes; also PYTHONPROFILEIMPORTTIME
-X int_max_str_digits=N: the most digits of an int made from or into text, 0 for
         any; also PYTHONINTMAXSTRDIGITS
-X no_debug_ranges: code objects without columns; also PYTHONNODEBUGRANGES
-X pycache_prefix=PATH: .pyc files are written to a tree below PATH; also
         PYTHONPYCACHEPREFIX
-X tracemalloc[=N]: trace allocations from the start, with N frames (1) of each
         traceback; also PYTHONTRACEMALLOC=N
-X utf8[=0|1]: UTF-8 mode on or off; also PYTHONUTF8
-X warn_default_encoding: EncodingWarning where no encoding is given; also
         PYTHONWARNDEFAULTENCODING
`;

/** The text that is asked for. */
export function help(what: (Answer & { help: string })["help"]): string {
  if (what === "environment") return environment;
  if (what === "xoptions") return xoptions;
  return what === "all" ? `${options}\n${environment}\n${xoptions}` : options;
}
