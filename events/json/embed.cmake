# Turns a binary file into a C++ array: std::span<const unsigned char> o2c::NAME().
file(READ ${IN} hex HEX)
string(LENGTH "${hex}" digits)
math(EXPR size "${digits} / 2")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
file(WRITE ${OUT} "#include <cstddef>\n#include <span>\nnamespace o2c {\nnamespace { alignas(8) constexpr unsigned char bytes[${size}] = {${bytes}}; }\nstd::span<const unsigned char> ${NAME}();\nstd::span<const unsigned char> ${NAME}() { return bytes; }\n}\n")
