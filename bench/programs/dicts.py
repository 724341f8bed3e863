# Dicts filled, asked and emptied, with strings and numbers as keys.
words = [f"word{i % 5000}" for i in range(100_000)]
counts = {}
for _ in range(5):
    for word in words:
        counts[word] = counts.get(word, 0) + 1
numbers = {i: i * i for i in range(100_000)}
print(len(counts), counts["word42"], sum(numbers[i] for i in range(0, 100_000, 7)))
while numbers:
    numbers.popitem()
print(numbers)
