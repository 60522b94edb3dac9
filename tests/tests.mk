# Which test programs exist beyond one per folder, and how all are run.

unit: $(addprefix unit-,$(UNIT_DIRS))

# Helpers of the end-to-end tests.
$(B)/scan-memory: $(B)/tests/support/scan_memory.o
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^
test-all: $(B)/scan-memory
