// The AssemblyScript runtime that we use: none. Managed objects would live in a heap of their own, invisible to the
// program's; because nothing here allocates, using one is a compile-time error.

