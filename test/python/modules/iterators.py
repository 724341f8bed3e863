"""itertools: what its iterators give, and the messages of what they refuse."""
from itertools import *
def t(f, *a, **k):
    try: print(getattr(f, "__name__", f), f(*a, **k))
    except BaseException as e: print(getattr(f, "__name__", f), type(e).__name__, e)
def L(it, n=12): return list(islice(it, n))
print(L(count()), L(count(5, -2), 4), L(count(0.5, .25), 3), count(3), count(3, 2), L(count(10**20), 2)); t(count, "a")
print(L(cycle("abc"), 8), L(cycle([]))); t(cycle); t(cycle, 1)
print(L(repeat(5, 3)), L(repeat("x"), 2), repeat(1), repeat(1, 2), L(repeat(1, -5)), repeat(object=3, times=2)); t(repeat); t(repeat, 1, "a")
print(L(chain("ab", [1], ())), L(chain.from_iterable(["ab", "c"])), L(chain())); t(list, chain(1)); t(list, chain.from_iterable([1])); t(chain, x=1)
print(L(islice("abcdef", 3)), L(islice("abcdef", 1, None, 2)), L(islice("abcdef", 2, 4)), L(islice([], 5)), L(islice("abc", None))); t(islice, "a", -1); t(islice, "a", 1, -1); t(islice, "a", 0, 1, 0); t(islice, "a"); t(islice, "a", "b")
i = iter(range(10)); print(L(islice(i, 2, 4)), list(i))
i = iter(range(10)); print(L(islice(i, 0, 7, 3)), list(i))
print(L(takewhile(lambda x: x < 3, [1, 2, 5, 1])), L(dropwhile(lambda x: x < 3, [1, 2, 5, 1])), L(filterfalse(None, [0, 1, "", 2])), L(filterfalse(lambda x: x % 2, range(5))), L(starmap(pow, [(2, 3), (3, 2)]))); t(takewhile, 1); t(list, starmap(pow, [1])); t(takewhile, int, 5)
print(L(accumulate([1, 2, 3])), L(accumulate([1, 2, 3], lambda a, b: a * b)), L(accumulate([1, 2], initial=10)), L(accumulate([])), L(accumulate("abc")), L(accumulate([], initial=5))); t(list, accumulate([1, "a"])); t(accumulate)
print(L(compress("abcd", [1, 0, 1])), L(pairwise("abcd")), L(pairwise("a")), L(pairwise([]))); t(compress, "a"); t(pairwise, 1)
print(L(zip_longest("ab", "xyz")), L(zip_longest("ab", "x", fillvalue="-")), L(zip_longest()), L(zip_longest([], []))); t(zip_longest, "a", foo=1)
print(L(batched("abcdefg", 3)), L(batched([], 2))); t(batched, "a", 0); t(list, batched("abc", 2, strict=True)); t(batched, "a")
print(L(product("ab", [1, 2])), L(product("ab", repeat=2)), L(product()), L(product("ab", [])), L(product("ab", repeat=0))); t(product, "a", repeat=-1); t(product, 1)
print(L(combinations("abcd", 2)), L(combinations("ab", 3)), L(combinations("ab", 0))); t(combinations, "ab", -1); t(combinations, "ab"); t(combinations, "ab", 1.5)
print(L(permutations("abc")), L(permutations("abc", 2)), L(permutations("ab", 3)), L(permutations([])), len(list(permutations(range(5))))); t(permutations, "a", -1)
print([(k, list(g)) for k, g in groupby("aabbbac")], [(k, list(g)) for k, g in groupby([1, 3, 2, 5], key=lambda x: x % 2)])
g = groupby("aab"); k, a = next(g); k, b = next(g); print(list(a), list(b), next(g, "end")); t(groupby); t(groupby, 1); t(list, groupby([1], key=len))
print(sum(1 for _ in product(range(10), repeat=3)), max(map(sum, combinations(range(12), 4))))
import sys
print(*[sys.getsizeof(x) for x in (count(), cycle("a"), repeat(1), chain(), islice("a", 1), takewhile(int, ""), starmap(int, ""), accumulate(""), compress("", ""), pairwise(""), zip_longest(""), groupby(""))])
class C(chain): pass
print(L(C("ab")), issubclass(C, chain), type(count()).__name__, count.__module__, chain[int])
