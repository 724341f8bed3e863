for s in (-5, -1, 0, 1, 2, 9):
    for how in ("for", "next", "list", "len", "reduce", "append"):
        l = [1, 2]
        it = iter(l)
        it.__setstate__(s)
        if how == "for": print(s, how, [x for x in it])
        elif how == "next": print(s, how, next(it, "end"), next(it, "end"), it.__reduce__()[1:])
        elif how == "list": print(s, how, list(it), list(it))
        elif how == "len": print(s, how, it.__length_hint__())
        elif how == "reduce": print(s, how, it.__reduce__()[1:])
        else:
            r = list(it); l.append(3); print(s, how, r, list(it)); it.__setstate__(0); print(list(it))
