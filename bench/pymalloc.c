/* CPython's pymalloc, timed: the peer that bench/heap.ts measures ours against.
 *
 * usage: pymalloc EVENTS ROUNDS
 *   EVENTS  a file of events, 12 bytes each: what (0 malloc, 1 realloc, 2 free), slot, n
 * Prints, for each round, the nanoseconds of one malloc and free of a block of 64 bytes, and the nanoseconds an event.
 */
#include <Python.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

typedef struct { uint32_t what, slot, n; } event;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e9 + t.tv_nsec;
}

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    Py_Initialize();
    FILE *file = fopen(argv[1], "rb");
    if (!file) return 1;
    fseek(file, 0, SEEK_END);
    long count = ftell(file) / sizeof(event);
    rewind(file);
    event *events = malloc(count * sizeof(event));
    if (fread(events, sizeof(event), count, file) != (size_t)count) return 1;
    uint32_t slots = 0;
    for (long i = 0; i < count; i++) if (events[i].slot >= slots) slots = events[i].slot + 1;
    void **live = calloc(slots, sizeof(void *));
    for (int round = 0; round < atoi(argv[2]); round++) {
        double start = now();
        for (int i = 0; i < 2000000; i++) {
            void *volatile p = PyObject_Malloc(64);
            PyObject_Free(p);
        }
        double churned = now();
        for (int pass = 0; pass < 8; pass++) {
            for (long i = 0; i < count; i++) {
                event e = events[i];
                if (e.what == 0) live[e.slot] = PyObject_Malloc(e.n);
                else if (e.what == 1) live[e.slot] = PyObject_Realloc(live[e.slot], e.n);
                else { PyObject_Free(live[e.slot]); live[e.slot] = NULL; }
            }
        }
        double replayed = now();
        printf("%f %f\n", (churned - start) / 2000000, (replayed - churned) / (8.0 * count));
    }
    return 0;
}
