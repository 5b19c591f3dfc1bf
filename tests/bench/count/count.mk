# How many instructions a call takes: a solution whose two processes run under callgrind, and the test that says when
# there are more of them. It is run for what the budget was made with; and valgrind cannot run sanitized programs.

COUNTED := $(addprefix $(B)/tests/bench/count/,client server)
TEST_COUNT := $(B)/tests/bench/count/test_count
ifeq ($(CC) $(origin CFLAGS) $(shell uname -m)$(SANITIZE),cc file x86_64)
TESTS += $(TEST_COUNT)
endif
tests: $(COUNTED) $(TEST_COUNT)
$(TEST_COUNT): | $(COUNTED)

$(COUNTED): $(B)/tests/bench/count/%: tests/bench/count/%.c $(B)/tests/bench/count/stubs.o $(B)/lib/libcapchan.so
	$(call say,CC)
	$(Q)$(COMPILE) -I$(@D)/generated -I$(B)/include -o $@ $< $(@D)/stubs.o $(WITH_LIBRARY) $(call libs,libprotobuf-c)

.PHONY: bench-count do-bench-count
bench-count: ## instructions per call; ANNOTATE=number (or text, data, error, all) says where, REFRESH=1 sets the budget
do-bench-count: all $(COUNTED)
	@REFRESH=$(REFRESH) ANNOTATE=$(ANNOTATE) tests/bench/count/count.sh
