/*
 * pages.h - pages as screens draw them, of each kind of item.
 */
#ifndef PAGES_H
#define PAGES_H

#include "ui/page.h"

extern const struct page_head pages_head;
extern struct field typed_name, typed_number, typed_password;
extern int pages_focus; /* the item that the pages below focus */

/* Type what stands in the fields; the focus is on the first item. */
void pages_open(void);

void pages_identity(struct page *p);
void pages_menu(struct page *p);
void pages_tasks(struct page *p);
void pages_facts(struct page *p);
void pages_table(struct page *p);

/* Everything in the order of rand(); how many numbers were given out. */
int pages_random(struct page *p);

#endif
