# `make bench-hostile`: how long it takes to get a dynamic channel while others want more than their share.

.PHONY: bench-hostile do-bench-hostile
bench-hostile: ## how long others wait for a dynamic channel beside hostile clients; RUNS=5, N=5000 connects each
	@.ci/deps $@
	@+$(MAKE) --no-print-directory do-$@
do-bench-hostile: all $(B)/tests/programs/dynamic $(B)/tests/programs/rival
	@RUNS="$(RUNS)" N="$(N)" tests/bench/hostile/bench_hostile.sh
