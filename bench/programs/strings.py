# Strings cut, joined, searched and formatted.
text = "the quick brown fox jumps over the lazy dog " * 200
found = 0
for i in range(200):
    words = text.split()
    found += sum(word.startswith("q") for word in words)
    joined = "-".join(words).upper()
    found += joined.count("FOX") + joined.find("DOG")
lines = [f"{i:>6}|{i / 3:.3f}|{str(i)[::-1]}" for i in range(50_000)]
print(found, len("\n".join(lines)))
