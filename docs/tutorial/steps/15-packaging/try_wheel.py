from fast_doubles import count_doubles

print(count_doubles("ёё 文文 😀😀"), count_doubles(b"x\n\ny"))
