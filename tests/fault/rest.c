#include "fault.h"
long fail_disk(bool f, long *v, const char **s){*s="x";return 0;}
long fail_full(bool f, long *v, const char **s){*s="x";return 0;}
long fail_memory(bool f, long *v, const char **s){*s="x";return 0;}
long clock_jumps(bool f, long *v, const char **s){*s="x";return 0;}
long rollback(bool f, long *v, const char **s){*s="x";return 0;}
long damage(bool f, long *v, const char **s){*s="x";return 0;}
