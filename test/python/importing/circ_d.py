import circ_c
circ_c.zzz
