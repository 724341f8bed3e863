import itertools as I
L=[I.count(), I.cycle([1,2,3]), I.repeat(1), I.chain([1],[2]), I.islice(range(100),5,50,2), I.takewhile(bool,[1,2]), I.accumulate(range(10)), I.compress([1,2],[1,0]), I.pairwise(range(10)), I.zip_longest([1],[2,3]), I.product(range(3),repeat=3), I.combinations(range(10),3), I.permutations(range(6),4), I.combinations_with_replacement(range(5),2) if hasattr(I,"combinations_with_replacement") else 0, I.batched(range(10),3), I.groupby("aabb"), I.starmap(max,[(1,2)]), I.filterfalse(None,[0,1]), I.dropwhile(bool,[1,0])]
for x in L:
    try: next(x)
    except Exception: pass
for x in L[10:14]:
    for i in range(3):
        try: next(x)
        except Exception: pass
t=I.tee(range(1000),3) if hasattr(I,"tee") else ()
for i in range(300):
    if t: next(t[0])
for i in range(60):
    if t: next(t[1])
g=I.groupby("aabbcc"); k=next(g)
more=[iter([1]),iter((1,)),iter("é"),iter(b"x"),iter(range(10)),iter({1}),iter({1:2}),reversed([1]),enumerate("ab"),zip([1],[2]),map(str,[1]),filter(None,[1]),iter(int,1),iter(range(10**30)),slice(1,2,3),range(10**20),super]
for x in more:
    try: next(x)
    except Exception: pass
