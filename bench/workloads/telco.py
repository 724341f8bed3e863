# Telephone bills: each call's price and taxes in module decimal, rounded twice, summed and printed.
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Context, Decimal

SMALL, SIZE = 20, 60000


def work(n):
    context = Context(rounding=ROUND_DOWN)
    rates = [Decimal("0.0013"), Decimal("0.00894")]
    two = Decimal("0.01")
    basic, distance = Decimal("0.0675"), Decimal("0.0341")
    total = basics = distances = Decimal(0)
    lines = 0
    seed = 5
    for _ in range(n):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        call = Decimal(seed >> 12)
        kind = seed >> 7 & 1
        price = (rates[kind] * call).quantize(two, ROUND_HALF_EVEN)
        tax = (price * basic).quantize(two, context=context)
        basics += tax
        due = price + tax
        if kind:
            extra = (price * distance).quantize(two, context=context)
            distances += extra
            due += extra
        total += due
        lines += len(str(due))
    return str(total), str(basics), str(distances), lines


if __name__ == "__main__":
    print(work(SMALL))
    print(work(SIZE))
