# str.translate: what a table is asked for, and how often; text that stays ASCII, that becomes wider, that ends with an error.
class Table:
    def __init__(self, **answers):
        self.answers = answers
        self.asked = []

    def __getitem__(self, number):
        self.asked.append(chr(number))
        answer = self.answers.get(chr(number), KeyError)
        if answer is KeyError:
            raise KeyError(number)
        if isinstance(answer, Exception):
            raise answer
        return answer


def show(text, **answers):
    table = Table(**answers)
    try:
        result = text.translate(table)
    except Exception as error:
        result = f"{type(error).__name__}: {error}"
    print(ascii(result), "".join(table.asked).encode("ascii", "backslashreplace").decode())


show("")
show("abcabc")
show("abcabc", a="x", b=ord("y"))
show("abcabc", a=None)
show("abcabc", a=None, b=None, c=None)
show("abcabc", a="")
show("abcabc", b="long")
show("aabbccaabb", a=None, c="\xe9")
show("aabbccaabb", a=None, b=None, c=0x4E2D)
show("aabbccaabb", b="\U0001f600", a=127)
show("aabbccaabb", c=128, a="\x7f", b="\x80")
show("\xe9aabb\xe9", a=None, b="c")
show("\xe9aabb\xe9aa", a=None)
show("\u4e2dab\u4e2d", **{"\u4e2d": "z"})
show("abc", c=-1)
show("abc", c=0x110000)
show("abc", c=1 << 70)
show("abc", c=1.5)
show("abc", c=b"x")
show("\xe9abc", c=[])
show("abc", c=True)
show("abc", b=ValueError("no"))
show("abc", b=IndexError("no"))
show("\xe9aab", a=None, b=ValueError("no"))
show("aa\xe9", a=None, **{"\xe9": ValueError("no")})


class Text(str):
    pass


for text in Text(""), Text("abc"):
    result = text.translate({})
    print(type(result) is str, result == text)
one = "y"
print("x".translate({120: one}) is one, "xz".translate({120: one, 122: None}) is one)
