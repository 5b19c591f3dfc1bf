/* SPDX-License-Identifier: Apache-2.0 */
/* What only C does; see names.h. */
#include "names.h"

#include <assert.h>

/* the sizes that programs rely on */
static_assert(sizeof(token_text) == 33, "string<32> with its NUL");
static_assert(sizeof(name) == 8, "string<7> with its NUL");
static_assert(sizeof(salt) == 8, "bytes<8>");
static_assert(sizeof(pages_text) == 33 && sizeof(page_text) == 33, "inside elements");
static_assert(sizeof(tokens) / sizeof(tokens[0]) == 4, "a constant");
static_assert(sizeof(struct tower_IToken_Token) == 16, "no hidden members");
static_assert(sizeof(struct tower_Write) == sizeof(void *), "one pointer");
static_assert(sizeof(tower_Write_component) == sizeof(void *), "one pointer");
static_assert(offsetof(tower_IToken_Issue_req, token) == sizeof(struct nk_message), "behind base_");
static_assert(offsetof(tower_IToken_Issue_res, number) == sizeof(struct nk_message),
              "behind base_");
static_assert(offsetof(tower_IToken_Issue_res, res_.number) == sizeof(struct nk_message),
              "the same place");
static_assert(tower_Tower_stair_floor_right_iidOffset == 3, "own endpoints first");

struct desk {
    struct tower_Write base;
    int calls;
};

/* pointers of a wrong type, which nothing but the warning tells apart */
static nk_err_t mistyped(struct tower_Write *write, const struct nk_message *req)
{
    tower_Logger_component logger;
    Mast_component mast;
    Mast_entity entity;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wincompatible-pointer-types"
    tower_Logger_component_init(&logger, write, write, write);
    Mast_component_init(&mast, write);
    Mast_entity_init(&entity, &mast);
#pragma GCC diagnostic pop
    return Mast_entity_dispatch(&entity, req, NULL, NULL, NULL);
}

int main(void)
{
    /* by position and by name, static and not */
    static const struct tower_Write_ops ops = {write_text};
    static const tower_Initialization_ops init_ops = {.WaitForInit = wait_for_init, .set = NULL};
    static const struct tower_IToken_ops token_ops = {.Issue = issue, .Write = NULL};
    static struct tower_Write write = {&ops};
    static struct tower_Initialization init = {.ops = &init_ops};
    static tower_IToken token = {&token_ops};
    struct desk desk = {.base = {.ops = &ops}, .calls = 0};
    tower_Write_component component = {.write = &desk.base};
    tower_IToken_Issue_req req = {.token = {.expires = 5}, .salt = {0}};
    tower_IToken_Token positional = {{0, 0}, 7};
    tower_IToken_Page page = {positional, {0, 0}, {1, 2, 3}};
    tower_Tower_entity_req requests;
    tower_Tower_entity_res responses;
    tower_Logger_entity_req log_requests;
    tower_Logger_entity_res log_responses;

    req.token = page.head;
    nk_req_reset(&requests);
    nk_req_reset(&responses);
    nk_req_reset(&log_requests);
    nk_req_reset(&log_responses);
    return edit(&requests, &responses) + edit_log(&log_requests, &log_responses) +
           assemble(component.write, &init, &token, INVALID_HANDLE) +
           dispatch_by_hand(NULL, &write) + call(NULL, 0) + endpoint(0) + method(0) +
           mistyped(&desk.base, &req.base_) + (int)all_sizes();
}
