/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A client of a name server of one's own that speaks to it by hand, past all that libcapchan
 * checks: does what its arguments say, one after the other, and prints what it is answered.
 *
 *     reach ID                       the channel to it
 *     publish 'TYPE SERVER SERVICE'  unpublish ...
 *     mark FILE, await FILE, sleep
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include <capchan/Broker.cdl.h>
#include <capchan/stub.h>
#include <coresrv/nk/transport-kos.h>
#include <rtl/retcode_hr.h>

#include "core/decode.h"
#include "core/frame.h"
#include "core/limits.h"
#include "core/session.h"
#include "core/session_call.h"
#include "tests/programs/commands.h"
#include "tests/programs/common_commands.h"
#include "tests/programs/words.h"

#define NO_ANSWER INT_MAX

static int channel = -1;
static nk_iid_t endpoint;
static uint32_t last_call;

static void do_reach(const char *id)
{
    struct session_message reply;
    int none;

    int r = session_request(SESSION_CONNECT, INVALID_HANDLE, 0, id, &reply, &channel);
    if (r == 0) {
        r = session_request(SESSION_RIID, reply.head.handle, 0, "names", &reply, &none);
        endpoint = (nk_iid_t)reply.head.riid;
    }
    printf("reach: %d\n", r);
}

/* receive_code() - what became of the call. Return: NO_ANSWER: the answer is none. */
static int receive_code(const struct capchan_method *method)
{
    uint8_t bytes[sizeof(struct frame_head) + MESSAGE_INLINE_BYTES_MAX];
    capchan_NameServer_Publish_res res;
    struct frame frame;

    ssize_t n = recv(channel, bytes, sizeof(bytes), 0);
    if (n < 0 || session_call_parse(bytes, (size_t)n, &frame) != 0 ||
        (frame.head.flags & FRAME_STATUS) != 0) {
        return NO_ANSWER;
    }
    bool is_error = (frame.head.flags & FRAME_ERROR) != 0;
    nk_req_reset(&res);
    if (decode(is_error ? method->err : method->res, &frame, &res, NULL) != 0) {
        return NO_ANSWER;
    }
    return is_error ? res.err_.code : rcOk;
}

/* ask() - the server to publish what @argument says, or not to */
static void ask(const char *how, const char *argument, bool is_published)
{
    const struct capchan_method *method =
        &capchan_Broker_component_stub_.endpoints[capchan_Broker_names_iid]
             .interface->methods[capchan_NameServer_Publish_mid];
    struct frame_head head = {
        .call = ++last_call, .riid = endpoint, .mid = capchan_NameServer_Publish_mid};
    char words[WORDS_MAX][kl_core_Types_UCoreStringSize];
    char room[capchan_NameServer_Publish_req_arena_size];
    struct nk_arena arena = NK_ARENA_INITIALIZER(room, room + sizeof(room));
    capchan_NameServer_Publish_req req = {.isPublished = is_published};

    split(argument, words);
    (void)NkKosCopyStringToArena(&arena, &req.type, words[0]);
    (void)NkKosCopyStringToArena(&arena, &req.server, words[1]);
    (void)NkKosCopyStringToArena(&arena, &req.service, words[2]);
    int r = session_call_send(channel, &head, method->req, &req, &arena, -1, 0);
    Retcode rc = r == 0 ? receive_code(method) : NO_ANSWER;
    printf("%s %s: " RETCODE_HR_FMT "\n", how, argument, RETCODE_HR_PARAMS(rc));
}

static void do_publish(const char *argument)
{
    ask("publish", argument, true);
}

static void do_unpublish(const char *argument)
{
    ask("unpublish", argument, false);
}

static const struct command commands[] = {
    {"reach", true, do_reach}, {"publish", true, do_publish}, {"unpublish", true, do_unpublish},
    {"mark", true, do_mark},   {"await", true, do_await},     {"sleep", false, do_sleep},
};

int main(int argc, char **argv)
{
    return commands_run(commands, sizeof(commands) / sizeof(commands[0]), argc, argv);
}
