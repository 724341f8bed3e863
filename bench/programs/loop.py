# A loop over small numbers.
s = 0
for i in range(3_000_000):
    s += i * i % 7
print(s)
