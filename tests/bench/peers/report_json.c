/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/peers/report.h"

#include "tests/bench/support/json_file.h"

/* outcome_json() - "ratio": our time, as a share of the peer's */
static json_t *outcome_json(const struct plan *plan, unsigned work, enum placement placement,
                            enum peer peer)
{
    const struct outcome *outcome = &plan->outcomes[work][placement][peer];
    const double factor = plan_factor(plan, work, placement, peer);

    return json_pack("{s:s, s:s, s:i, s:i, s:i, s:s, s:i, s:o, s:o, s:o, s:o, s:o, s:o}", "work",
                     works[work].name, "placement", placement_names[placement], "payload",
                     (int)works[work].payload, "clients", 1, "active", 1, "peer",
                     peer_describe(peer)->name, "repetitions", (int)outcome->n_repetitions,
                     "median_us", json_thousandths(outcome->figures.median_us), "p99_us",
                     json_thousandths(outcome->figures.p99_us), "calls_per_second",
                     json_thousandths(outcome->figures.calls_per_second), "ratio",
                     json_thousandths(factor > 0 ? 1 / factor : 0), "factor",
                     json_thousandths(factor), "bar",
                     json_thousandths(plan_bar(work, placement, peer)));
}

/* missing_json() - names of those that were not built in */
static json_t *missing_json(void)
{
    json_t *missing = json_array();

    for (enum peer peer = 0; peer < PEERS; peer++) {
        if (!peer_is_there(peer)) {
            (void)json_array_append_new(missing, json_string(peer_describe(peer)->name));
        }
    }
    return missing;
}

/* report_json() - write everything to @path. Return: 0; -1. */
int report_json(const struct plan *plan, const struct occasion *occasion, const char *path)
{
    json_t *results = json_array();
    json_t *root = json_pack("{s:s, s:s, s:o, s:o}", "date", occasion->date, "machine",
                             occasion->machine, "missing", missing_json(), "results", results);

    for (unsigned i = 0; i < WORKS * PLACEMENTS * PEERS; i++) {
        const unsigned work = i / (PLACEMENTS * PEERS);
        const enum placement placement = i / PEERS % PLACEMENTS;
        const enum peer peer = i % PEERS;
        if (plan->outcomes[work][placement][peer].n_repetitions > 0) {
            (void)json_array_append_new(results, outcome_json(plan, work, placement, peer));
        }
    }
    return json_file_write(root, path);
}
