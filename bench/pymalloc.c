/* CPython's pymalloc and the C library's malloc, timed: the peers that bench/heap.ts measures ours against.
 *
 * usage: pymalloc object|raw EVENTS
 *   object  through PyObject_Malloc; raw: through malloc
 *   EVENTS  a file of events, 12 bytes each: what (0 malloc, 1 realloc, 2 free), slot, n
 * Prints the nanoseconds of one malloc and free of a block (64 bytes; raw: 1000), the nanoseconds an event, and, for
 * raw, the most bytes that the heap took.
 */
#include <Python.h>
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct { uint32_t what, slot, n; } event;
#define CHURN 2000000

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e9 + t.tv_nsec;
}

static size_t heap_size(void) {
    struct mallinfo2 m = mallinfo2();
    return m.arena + m.hblkhd;
}

#define REPLAY(MALLOC, REALLOC, FREE, AFTER)                                              \
    for (long i = 0; i < count; i++) {                                                    \
        event e = events[i];                                                              \
        if (e.what == 0) live[e.slot] = MALLOC(e.n);                                      \
        else if (e.what == 1) live[e.slot] = REALLOC(live[e.slot], e.n);                  \
        else { FREE(live[e.slot]); live[e.slot] = NULL; }                                 \
        AFTER                                                                             \
    }

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    int raw = !strcmp(argv[1], "raw");
    if (!raw) Py_Initialize();
    FILE *file = fopen(argv[2], "rb");
    if (!file) return 1;
    fseek(file, 0, SEEK_END);
    long count = ftell(file) / sizeof(event);
    rewind(file);
    event *events = malloc(count * sizeof(event));
    if (fread(events, sizeof(event), count, file) != (size_t)count) return 1;
    fclose(file);
    uint32_t slots = 0;
    for (long i = 0; i < count; i++) if (events[i].slot >= slots) slots = events[i].slot + 1;
    void **live = calloc(slots, sizeof(void *));
    size_t before = heap_size(), peak = 0;
    if (raw) {
        REPLAY(malloc, realloc, free, if (i % 500 == 0 && heap_size() > peak) peak = heap_size();)
        peak -= before;
    }
    double start = now();
    if (raw) for (int i = 0; i < CHURN; i++) { void *volatile p = malloc(1000); free(p); }
    else for (int i = 0; i < CHURN; i++) { void *volatile p = PyObject_Malloc(64); PyObject_Free(p); }
    double churned = now();
    for (int pass = 0; pass < 8; pass++) {
        if (raw) { REPLAY(malloc, realloc, free, ) }
        else { REPLAY(PyObject_Malloc, PyObject_Realloc, PyObject_Free, ) }
    }
    double replayed = now();
    printf("%f %f %zu\n", (churned - start) / CHURN, (replayed - churned) / (8.0 * count), peak);
    return 0;
}
