# `make bench-peers`: our calls beside those of other systems, as far as their packages are installed. What is there is
# found out when bench_peers is built, after .ci/deps has had its turn.

PEERS = $(B)/obj/tests/bench/peers
CXX ?= c++
COMPILE_CXX = $(CXX) -std=gnu++17 -Wall -Wextra -Wshadow $(CFLAGS) -fPIC -pthread $(DEPENDENCIES) -I. -I$(PEERS)

# When $(1), a test in shell, is passed: $(2)
where = $(shell if $(1) 2> /dev/null; then echo '$(2)'; fi)
has = command -v $(1) > /dev/null
has_header = printf '\#include <%s>\n' $(1) | $(CC) -E - > /dev/null

PEERS_THERE = \
    $(call where,pkg-config --exists libsystemd,sd_bus sd_bus_echo) \
    $(call where,pkg-config --exists libsystemd && $(call has,dbus-broker),dbus_broker) \
    $(call where,pkg-config --exists capnp-rpc && $(call has,capnpc-c++),capnproto) \
    $(call where,pkg-config --exists grpc++ protobuf && $(call has,protoc) && $(call has,grpc_cpp_plugin),grpc) \
    $(call where,pkg-config --exists libzmq,zeromq) \
    $(call where,pkg-config --exists nanomsg,nanomsg) \
    $(call where,$(call has_header,nng/nng.h),nng)
PEER_OBJECTS = $(PEERS_THERE:%=$(PEERS)/%.o) $(PEERS_GENERATED)
PEERS_GENERATED = $(if $(filter capnproto,$(PEERS_THERE)),$(PEERS)/echo.capnp.o) \
    $(if $(filter grpc,$(PEERS_THERE)),$(PEERS)/echo.pb.o $(PEERS)/echo.grpc.pb.o)
PEER_PACKAGES = $(if $(filter sd_bus,$(PEERS_THERE)),libsystemd) $(if $(filter capnproto,$(PEERS_THERE)),capnp-rpc) \
    $(if $(filter grpc,$(PEERS_THERE)),grpc++ protobuf) $(if $(filter zeromq,$(PEERS_THERE)),libzmq) \
    $(if $(filter nanomsg,$(PEERS_THERE)),nanomsg)
# nanomsg before nng, which can stand in for it
PEER_LIBS = $(if $(strip $(PEER_PACKAGES)),$(call libs,$(PEER_PACKAGES))) $(if $(filter nng,$(PEERS_THERE)),-lnng)

# Schemas, and what is compiled of them
$(PEERS)/%.capnp.c++ $(PEERS)/%.capnp.h: tests/bench/peers/%.capnp
	$(call say,CAPNP)
	$(Q)capnp compile --src-prefix=$(<D) -oc++:$(PEERS) $<
$(PEERS)/%.pb.cc $(PEERS)/%.pb.h $(PEERS)/%.grpc.pb.cc $(PEERS)/%.grpc.pb.h: tests/bench/peers/%.proto
	$(call say,PROTO)
	$(Q)protoc --proto_path=$(<D) --cpp_out=$(PEERS) --grpc_out=$(PEERS) \
	    --plugin=protoc-gen-grpc=$$(command -v grpc_cpp_plugin) $<
$(PEERS)/%.capnp.o: $(PEERS)/%.capnp.c++
	$(call say,CXX)
	$(Q)$(COMPILE_CXX) -x c++ -c $< -o $@
$(PEERS)/%.pb.o: $(PEERS)/%.pb.cc
	$(call say,CXX)
	$(Q)$(COMPILE_CXX) -c $< -o $@
$(PEERS)/capnproto.o: $(PEERS)/echo.capnp.h
$(PEERS)/grpc.o $(PEERS)/echo.grpc.pb.o: $(PEERS)/echo.pb.h $(PEERS)/echo.grpc.pb.h
$(PEERS)/%.o: tests/bench/peers/%.cc
	$(call say,CXX)
	$(Q)$(COMPILE_CXX) -c $< -o $@

BENCH_PEERS = $(B)/tests/bench/peers/bench_peers
$(BENCH_PEERS): $(addprefix $(PEERS)/,bench_peers.o peers.o plan.o report_json.o report_table.o) $$(PEER_OBJECTS) \
    $(B)/tests/bench/support.a $(B)/tests/bench/calls/echo_server $(B)/tests/bench/calls/echo_client
	$(call say,LD)
	$(Q)$(CXX) $(CFLAGS) -pthread $(LDFLAGS) -o $@ $(filter %.o %.a,$^) $(PEER_LIBS) $(call libs,smartcols jansson)

# Tests want it only so that it goes on to compile, with what is installed anyway; and the others' compilers and
# libraries know nothing of sanitizers.
tests: $(if $(SANITIZE),,$(BENCH_PEERS))

.PHONY: bench-peers do-bench-peers
bench-peers: ## how long calls take beside sd-bus, dbus-broker, Cap'n Proto, gRPC, ZeroMQ, nng and nanomsg
	@.ci/deps $@
	@+$(MAKE) --no-print-directory do-$@
do-bench-peers: all $(BENCH_PEERS)
	@$(BENCH_PEERS) --json $(B)/bench-peers.json $(BENCH)
