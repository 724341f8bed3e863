/**
 * Which allocator a process starts with: PYTHONMALLOC and PYTHONMALLOCSTATS as CPython reads them, and the arena
 * geometry, for `pymemInit` of assembly/memory.
 *
 * Deliberate difference: `mimalloc` is not offered, as in a CPython that was built without it.
 */
import { allocator, geometryKind } from "../generated/constants.ts";
import { ConfigError } from "./config.ts";

const { USE_LIBC, DEBUG_HOOKS } = allocator;

/** By name, the flags of each allocator that PYTHONMALLOC can choose. */
const allocatorFlags: Readonly<Record<string, number>> = {
  default: 0,
  debug: DEBUG_HOOKS,
  pymalloc: 0,
  pymalloc_debug: DEBUG_HOOKS,
  malloc: USE_LIBC,
  malloc_debug: USE_LIBC | DEBUG_HOOKS,
};

export type Geometry = "classic" | "radix";

/** By name, their numbers. */
const geometries: Readonly<Record<Geometry, number>> = {
  classic: geometryKind.GEOMETRY_CLASSIC,
  radix: geometryKind.GEOMETRY_RADIX,
};

export interface AllocatorChoice {
  flags: number;
  geometry: number;
  /** A report of the arenas before each new one, and at the end. */
  statistics: boolean;
}

/**
 * Reads the environment. `geometry`: what the command line says, which goes before the environment's
 * VITRINE_ARENA_GEOMETRY. Throws ConfigError, with CPython's words where CPython has any.
 */
export function chooseAllocator(
  environment: Readonly<Record<string, string | undefined>>,
  geometry?: string,
): AllocatorChoice {
  const name = environment.PYTHONMALLOC || "default";
  const flags = Object.hasOwn(allocatorFlags, name) ? allocatorFlags[name] : undefined;
  if (flags === undefined) {
    throw new ConfigError(
      "Fatal Python error: preconfig_init_allocator: PYTHONMALLOC: unknown allocator\nPython runtime state: preinitializing\n\n",
    );
  }
  const wanted = geometry ?? (environment.VITRINE_ARENA_GEOMETRY || "classic");
  if (!Object.hasOwn(geometries, wanted))
    throw new ConfigError(`vitrine: unknown arena geometry '${wanted}': classic or radix\n`);
  return { flags, geometry: geometries[wanted as Geometry], statistics: !!environment.PYTHONMALLOCSTATS };
}
