/*
 * store/wal.c - the -wal file, laid out before it is used.
 *
 * A file that grows changes its inode with every commit, and fdatasync waits
 * for that too: half as long again (facts/reliability.md 2.2).
 */
#include "store/internal.h"

enum { WAL_LAID = 1024 * 1024, CHUNK = 64 * 1024 };

static int
write_zeros(sqlite3_file *f)
{
	static const uint8_t zeros[CHUNK];
	int rc = SQLITE_OK;

	for (sqlite3_int64 at = 0; rc == SQLITE_OK && at < WAL_LAID;
	     at += CHUNK)
		rc = f->pMethods->xWrite(f, zeros, CHUNK, at);
	return rc;
}

/*
 * Emptied and synced first: were only some of the zeros on the disk after a
 * power cut, the frames before them would be played over a newer database.
 * SQLite takes a file of zeros for an empty one: there is no header.
 */
struct err
store_wal_lay(struct store *s)
{
	sqlite3_file *f = NULL;
	int rc = sqlite3_wal_checkpoint_v2(
	    s->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);

	if (rc != SQLITE_OK)
		return store_err(s, rc, "store: empty wal");
	rc = sqlite3_file_control(
	    s->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &f);
	if (rc != SQLITE_OK || f == NULL || f->pMethods == NULL)
		return err_none();
	rc = f->pMethods->xSync(f, SQLITE_SYNC_NORMAL);
	if (rc == SQLITE_OK && write_zeros(f) != SQLITE_OK)
		rc = f->pMethods->xTruncate(f, 0);
	if (rc == SQLITE_OK)
		rc = f->pMethods->xSync(f, SQLITE_SYNC_NORMAL);
	if (rc == SQLITE_OK)
		return err_none();
	s->broken = true;
	return err_make(E_SYS, 0, "store: lay wal");
}
