/*
 * faults.h - make the n-th file system call of this process fail, stop there,
 * or write one byte at a time.
 *
 * faults.c takes the place of openat, write, fsync, renameat and unlinkat in
 * the test program; unarmed they are the plain system calls.
 */
#ifndef FAULTS_H
#define FAULTS_H

enum fault_kind {
	FAULT_NONE,
	FAULT_KILL,	   /* SIGKILL instead of the call */
	FAULT_FAIL,	   /* the call fails with `sys` */
	FAULT_INTERRUPTED, /* the call fails with EINTR, then works */
	FAULT_SHORT,	   /* every write takes one byte only */
};

/* Arm: the calls count from 0 and `step` is the one that is hit. */
void fault_arm(enum fault_kind kind, int step, int sys);

/* Disarm; how many calls were counted. */
int fault_disarm(void);

#endif
