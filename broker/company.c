/* SPDX-License-Identifier: Apache-2.0 */
#include "broker/company.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "core/colocation.h"
#include "core/fd.h"
#include "core/hints.h"

/* Once may be chance. */
#define QUICK_MIN 8

/* While the server and the broker wake each other on one CPU, 30 % are usual. */
#define DELAY_PERCENT_MAX 50

/* run_delay_ns() - how long this thread has been able to run and did not. Return: -1: that cannot
 * be told. */
static int64_t run_delay_ns(int schedstat)
{
    char text[64];
    int64_t delay_ns;

    ssize_t n = pread(schedstat, text, sizeof(text) - 1, 0);
    if (n < 0) {
        return -1;
    }
    text[n] = '\0';
    return sscanf(text, "%*u %" SCNd64, &delay_ns) == 1 ? delay_ns : -1;
}

/* take_account() - of how long we were kept and could not run, and whether that is too much */
static void take_account(struct company *company, int64_t now_ns)
{
    int64_t delay_ns = run_delay_ns(company->schedstat);

    company->kept_ns += now_ns - company->looked_ns;
    company->waited_ns += delay_ns - company->delay_ns;
    company->looked_ns = now_ns;
    company->delay_ns = delay_ns;
    if (company->kept_ns < COMPANY_LOOK_NS) {
        return;
    }
    if (company->waited_ns * 100 > company->kept_ns * DELAY_PERCENT_MAX) {
        company->pause_ns = now_ns + COMPANY_PAUSE_NS;
    }
    company->kept_ns = company->waited_ns = 0;
}

/* part() - be free again */
static void part(struct company *company, int64_t now_ns)
{
    company->n_quick = 0;
    if (!company_is_kept(company)) {
        return;
    }
    take_account(company, now_ns);
    company->schedstat = fd_close(company->schedstat);
    hints_set_place(company->server, HINTS_NO_CPU);
    (void)confinement_end(&company->stay);
}

/* keep() - stay on @cpu, and say so */
static void keep(struct company *company, uint32_t cpu, int64_t now_ns)
{
    int schedstat = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);

    int64_t delay_ns = run_delay_ns(schedstat);
    if (delay_ns < 0 || !colocation_may_move() || !confinement_to(&company->stay, cpu)) {
        company->pause_ns = now_ns + COMPANY_PAUSE_NS;
        fd_close(schedstat);
        return;
    }
    company->cpu = cpu;
    company->schedstat = schedstat;
    company->looked_ns = now_ns;
    company->delay_ns = delay_ns;
    hints_set_place(company->server, cpu);
}

/* company_join() - @server listens, on @cpu as it says */
void company_join(struct company *company, struct hints *server, uint32_t cpu, int64_t now_ns)
{
    if (server != company->server || now_ns - company->last_ns >= COMPANY_REST_NS) {
        part(company, now_ns);
    }
    company->server = server;
    company->last_ns = now_ns;
    company->n_quick++;
    if (company_is_kept(company) && now_ns - company->looked_ns >= COMPANY_LOOK_NS) {
        take_account(company, now_ns);
    }
    if (company_is_kept(company) && now_ns < company->pause_ns) {
        part(company, now_ns);
    } else if (!company_is_kept(company) && company->n_quick >= QUICK_MIN &&
               now_ns >= company->pause_ns) {
        keep(company, cpu, now_ns);
    }
}

/* company_meet() - @client asks for a channel */
void company_meet(const struct company *company, struct hints *client)
{
    hints_set_cpu(client, company_is_kept(company) ? company->cpu : HINTS_NO_CPU);
}

/* company_look() - whether the server still keeps listening; to be called within COMPANY_REST_NS of
 * company_join(), and now and then while nothing happens */
void company_look(struct company *company, int64_t now_ns)
{
    if (company_is_kept(company) && now_ns - company->last_ns >= COMPANY_REST_NS) {
        part(company, now_ns);
    }
}
