# Which test programs exist beyond one per folder, and how all are run.

unit: $(addprefix unit-,$(UNIT_DIRS))
