/* SPDX-License-Identifier: Apache-2.0 */
/* Writes down what it is sent, three notes in all, and ends. */
#include <stdio.h>
#include <stdlib.h>

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>

#include "Journal.edl.h"

#define PREFIX greenhouse_Journal
#define PASTE(a, b) a##b
#define NAME(prefix, what) PASTE(prefix, what)

/* The buffers are global, as is the response, which nobody resets. */
static char requestBuffer[greenhouse_Journal_entity_req_arena_size + 256];
static char emptyBuffer[greenhouse_IJournal_write_res_arena_size];
static struct nk_arena requestArena =
    NK_ARENA_INITIALIZER(requestBuffer, requestBuffer + sizeof(requestBuffer));
static struct nk_arena responseArena =
    NK_ARENA_INITIALIZER(emptyBuffer, emptyBuffer + sizeof(emptyBuffer));
static union NAME(PREFIX, _entity_req) request;
static union NAME(PREFIX, _entity_res) response;
static NAME(PREFIX, _entity) entity;

typedef struct {
    struct greenhouse_IJournal base;
    int notes;
} Journal;

static nk_err_t Write(struct greenhouse_IJournal *self, const greenhouse_IJournal_write_req *req,
                      const struct nk_arena *arena, greenhouse_IJournal_write_res *res,
                      struct nk_arena *unused)
{
    Journal *journal = (Journal *)self;
    nk_uint32_t count, size;
    nk_ptr_t *inner = nk_arena_get(nk_ptr_t, arena, &req->note, &count);
    nk_char_t *text = nk_arena_get(nk_char_t, arena, inner, &size);

    (void)unused;
    if (text == NULL || text[size - 1] != '\0') {
        return NK_EBADMSG;
    }
    fprintf(stderr, "%s\n", text);
    res->number = ++journal->notes;
    return NK_EOK;
}

int main(void)
{
    static const struct greenhouse_IJournal_ops ops = {.write = Write};
    static Journal journal = {.base = {.ops = &ops}};
    NkKosTransport transport;
    ServiceId id;
    Handle handle = ServiceLocatorRegister("journal", NULL, 0, &id);

    NkKosTransport_Init(&transport, handle, NK_NULL, 0);
    greenhouse_Journal_entity_init(&entity, &journal.base);
    do {
        nk_req_reset(&request);
        nk_arena_reset(&requestArena);
        if (nk_transport_recv(&transport.base, &request.base_, &requestArena) == NK_EOK) {
            greenhouse_Journal_entity_dispatch(&entity, &request.base_, &requestArena,
                                               &response.base_, &responseArena);
        } else {
            fprintf(stderr, "nk_transport_recv() failed\n");
        }
        if (response.journal.write.number == 1) {
            fprintf(stderr, "the first note, of %d\n", (int)response.journal.write.res_.number);
        }
        if (nk_transport_reply(&transport.base, &response.base_, &responseArena) != NK_EOK) {
            fprintf(stderr, "nk_transport_reply() failed\n");
        }
    } while (journal.notes < 3);
    return EXIT_SUCCESS;
}
