"doc"
x = 1
