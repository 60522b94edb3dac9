/*
 * paper/type.h - setting type with pango: one family, sizes in dots or points
 * of the surface, Korean words kept whole at line ends.
 */
#ifndef PAPER_TYPE_H
#define PAPER_TYPE_H

#include <pango/pangocairo.h>
#include <stdbool.h>

enum type_align { TYPE_LEFT, TYPE_MIDDLE, TYPE_RIGHT };

/* A layout for `cr` that sets the same type on every machine; the caller
 * gives it back with g_object_unref. */
PangoLayout *type_new(cairo_t *cr);

/* The style of what comes next; lines are at most `width` long. */
void type_style(PangoLayout *l, double size, bool bold, enum type_align align,
    double width);

/* Lay out `text`; its height. */
double type_measure(PangoLayout *l, const char *text);
/* The same, and draw it with its upper left corner at (x, y). */
double type_write(
    cairo_t *cr, PangoLayout *l, double x, double y, const char *text);

#endif
