// A sample that the determinism check must refuse. It is never compiled.
#include <chrono>

/* A block comment
   over lines, "with an open quote. */
auto now() { return std::chrono::system_clock::now(); }

// An apostrophe's harmless, so is a "quote.
char quote = '"';
double rate = 0.13;
int a[] = {1, 2}; /* see http://example.org */ float share;
const char* text = "semi;colon \\"; std::unordered_map<int, int> order;
