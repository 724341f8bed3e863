import _io, sys
fs=[open(__file__,"rb"), open(__file__), open(__file__,"rb",buffering=0), open("/dev/null","w"), open("/dev/null","wb"), open("/dev/null","w",newline="",encoding="utf-8")]
fs[0].read(10); fs[1].readline(); fs[3].write("abc"*1000); fs[4].write(b"x"*100); fs[5].write("é"*100)
x=_io.StringIO("abc"*1000); x.write("zz"); y=_io.BytesIO(b"abc"*1000); y.write(b"q"); v=y.getbuffer()
z=_io.TextIOWrapper(_io.BytesIO(b"a\nb\r\nc"*100)); z.readline(); z.read(3)

br=_io.BufferedReader(_io.FileIO(__file__)); br.peek()
it=iter(open(__file__)); next(it)
w=_io.BufferedRandom(_io.BytesIO(b"abc"*4000)); w.read(4)
z2=_io.TextIOWrapper(_io.BytesIO(b""), encoding="utf-8", write_through=False); z2.write("hello")
z3=_io.TextIOWrapper(_io.BytesIO("é€".encode()*5000), encoding="utf-8"); z3.read(10)
