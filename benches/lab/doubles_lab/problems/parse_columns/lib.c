/* Rows are parsed into columns, too. */
#include "../parse_records/lib.c"
