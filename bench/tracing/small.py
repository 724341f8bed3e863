"""Makes and drops small objects, and does next to nothing else."""


def churn(n):
    kept = [None] * 1000
    for i in range(n):
        kept[i * 7 % 1000] = [i, (i, 0.5 * i)]
    return len(kept)


print(churn(1_000_000))
