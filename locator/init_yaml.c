/* SPDX-License-Identifier: Apache-2.0 */
#include "locator/init_yaml.h"

#include <assert.h>
#include <errno.h>
#include <libfyaml.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/cleanup.h"
#include "core/utf8.h"
#include "locator/init_config.h"
#include "locator/init_names.h"

/* A list or map that is being read. */
struct open_node {
    struct init_yaml_node *node;
    struct init_yaml_node **tail; /* where its next child goes */
    char *key;                    /* of a map: the key whose value comes next, or NULL */
    struct init_position key_position;
};

/* The tree as far as the parser's events have brought it. */
struct builder {
    const struct init_source *source;
    struct init_error *error;
    struct init_yaml_node *root;
    struct open_node open[INIT_YAML_DEPTH_MAX];
    size_t depth;
    size_t n_documents;
    struct init_position last; /* of the last thing that has a position */
    size_t last_end;           /* the byte after it */
};

/* child_at() - child number @index of a list or map */
static const struct init_yaml_node *child_at(const struct init_yaml_node *node, size_t index)
{
    const struct init_yaml_node *child = node->children;

    while (index-- > 0) {
        child = child->next;
    }
    return child;
}

/* check_keys() - refuse a map with a key that is there twice. Return: 0; INIT_E_INVALID; -ENOMEM.
 */
static int check_keys(const struct builder *builder, const struct init_yaml_node *map)
{
    CLEANUP(free_p) struct init_name *names = NULL;
    const struct init_name *repeated;
    size_t n = 0;

    if (map->n_children < 2) {
        return 0;
    }
    names = calloc(map->n_children, sizeof(names[0]));
    if (names == NULL) {
        return -ENOMEM;
    }
    for (const struct init_yaml_node *child = map->children; child != NULL; child = child->next) {
        names[n] = (struct init_name){.name = child->key, .index = n};
        n++;
    }
    init_names_sort(names, n);
    repeated = init_names_repeated(names, n);
    if (repeated == NULL) {
        return 0;
    }
    return init_source_fail(builder->source, child_at(map, repeated->index)->key_position,
                            builder->error, "key %s is given twice; the first one is in line %u",
                            init_quote(repeated->name).text,
                            child_at(map, repeated[-1].index)->key_position.line);
}

/* attach() - put a new node into the tree, which owns it from here on */
static void attach(struct builder *builder, struct init_yaml_node *node)
{
    if (builder->depth == 0) {
        builder->root = node;
        return;
    }
    struct open_node *open = &builder->open[builder->depth - 1];
    node->parent = open->node;
    node->key = STEAL(open->key);
    node->key_position = open->key_position;
    if (node->kind == INIT_YAML_NOTHING && node->key != NULL) {
        node->position = node->key_position;
    }
    *open->tail = node;
    open->tail = &node->next;
    open->node->n_children++;
}

/* expects_key() - whether what comes next is a key of a map */
static bool expects_key(const struct builder *builder)
{
    if (builder->depth == 0) {
        return false;
    }
    const struct open_node *open = &builder->open[builder->depth - 1];
    return open->node->kind == INIT_YAML_MAP && open->key == NULL;
}

/* scalar_text() - copy the text of a scalar. Return: 0; INIT_E_INVALID: it cannot be text; -ENOMEM.
 */
static int scalar_text(const struct builder *builder, struct fy_token *token, char **ret_text)
{
    size_t size = 0;
    const char *text = token != NULL ? fy_token_get_text(token, &size) : "";

    if (text == NULL) {
        return -ENOMEM;
    }
    if (memchr(text, '\0', size) != NULL || !utf8_is_valid(text, size)) {
        return init_source_fail(builder->source, builder->last, builder->error,
                                "an escape in this text stands for NUL or for no character");
    }
    char *copy = strndup(text, size);
    if (copy == NULL) {
        return -ENOMEM;
    }
    *ret_text = copy;
    return 0;
}

/* item_offset() - where an item that is not written would be: at the dash or comma before it
 * @from: the end of what comes before it */
static size_t item_offset(const struct init_source *source, size_t from)
{
    const char *text = source->text;

    while (text[from] != '\0') {
        from += strspn(text + from, " \t\r\n");
        if (text[from] != '#') {
            break;
        }
        from += strcspn(text + from, "\r\n");
    }
    return from;
}

/* on_scalar() - a key, or a text in a list or map */
static int on_scalar(struct builder *builder, struct fy_token *token)
{
    CLEANUP(free_p) char *text = NULL;
    int r = scalar_text(builder, token, &text);

    if (r != 0) {
        return r;
    }
    if (expects_key(builder)) {
        struct open_node *open = &builder->open[builder->depth - 1];
        open->key = STEAL(text);
        open->key_position = builder->last;
        return 0;
    }
    struct init_yaml_node *node = calloc(1, sizeof(*node));
    if (node == NULL) {
        return -ENOMEM;
    }
    node->kind = token != NULL ? INIT_YAML_TEXT : INIT_YAML_NOTHING;
    node->position = builder->last;
    node->text = STEAL(text);
    attach(builder, node);
    return 0;
}

/* on_open() - a list or map begins */
static int on_open(struct builder *builder, enum init_yaml_kind kind)
{
    if (expects_key(builder)) {
        return init_source_fail(builder->source, builder->last, builder->error,
                                "a key must be a text; a list or map cannot be one");
    }
    if (builder->depth == INIT_YAML_DEPTH_MAX) {
        return init_source_fail(builder->source, builder->last, builder->error,
                                "lists and maps are nested deeper than %d", INIT_YAML_DEPTH_MAX);
    }
    struct init_yaml_node *node = calloc(1, sizeof(*node));
    if (node == NULL) {
        return -ENOMEM;
    }
    node->kind = kind;
    node->position = builder->last;
    attach(builder, node);
    builder->open[builder->depth++] = (struct open_node){.node = node, .tail = &node->children};
    return 0;
}

/* on_close() - a list or map ends */
static int on_close(struct builder *builder)
{
    assert(builder->depth > 0);
    const struct init_yaml_node *node = builder->open[--builder->depth].node;

    return node->kind == INIT_YAML_MAP ? check_keys(builder, node) : 0;
}

/* on_document() - a document begins: only one may */
static int on_document(struct builder *builder)
{
    if (builder->n_documents++ > 0) {
        return init_source_fail(builder->source, builder->last, builder->error,
                                "a second document begins here; the file must hold one");
    }
    return 0;
}

static int refuse_alias(struct builder *builder)
{
    builder->last.column--; /* the parser's mark is behind the star */
    return init_source_fail(builder->source, builder->last, builder->error,
                            "aliases (*name) are not supported; write the value out, or in "
                            "quotes if the '*' is part of it");
}

/* refuse_properties() - refuse an anchor or a tag, which stand before the value of @event */
static int refuse_properties(struct builder *builder, struct fy_event *event)
{
    struct fy_token *anchor = fy_event_get_anchor_token(event);
    struct fy_token *tag = fy_event_get_tag_token(event);
    const struct fy_mark *mark = fy_token_start_mark(anchor != NULL ? anchor : tag);

    if (anchor == NULL && tag == NULL) {
        return 0;
    }
    if (mark != NULL) {
        builder->last = init_source_position(builder->source, mark->input_pos);
    }
    if (anchor != NULL) {
        builder->last.column--; /* the mark is behind the ampersand */
        return init_source_fail(builder->source, builder->last, builder->error,
                                "anchors (&name) are not supported; remove it");
    }
    return init_source_fail(builder->source, builder->last, builder->error,
                            "tags (!name) are not supported; remove it: every value is text");
}

/* start_offset() - the byte that @event begins with, which is the quote of a quoted text */
static size_t start_offset(const struct builder *builder, struct fy_event *event)
{
    const struct fy_mark *mark = fy_event_start_mark(event);
    enum fy_node_style style = fy_event_get_node_style(event);
    bool is_quoted = style == FYNS_SINGLE_QUOTED || style == FYNS_DOUBLE_QUOTED;

    if (mark == NULL) {
        return item_offset(builder->source, builder->last_end);
    }
    return mark->input_pos - (is_quoted ? 1 : 0); /* the mark is behind the quote */
}

/* on_event() - take one event of the parser into the tree */
static int on_event(struct builder *builder, struct fy_event *event)
{
    const struct fy_mark *end = fy_event_end_mark(event);
    int r;

    builder->last = init_source_position(builder->source, start_offset(builder, event));
    builder->last_end = end != NULL ? end->input_pos : builder->last_end;
    r = refuse_properties(builder, event);
    if (r != 0) {
        return r;
    }
    switch (event->type) {
    case FYET_DOCUMENT_START:
        return on_document(builder);
    case FYET_SCALAR:
        return on_scalar(builder, event->scalar.value);
    case FYET_ALIAS:
        return refuse_alias(builder);
    case FYET_SEQUENCE_START:
        return on_open(builder, INIT_YAML_LIST);
    case FYET_MAPPING_START:
        return on_open(builder, INIT_YAML_MAP);
    case FYET_SEQUENCE_END:
    case FYET_MAPPING_END:
        return on_close(builder);
    default:
        return 0;
    }
}

/* discard() - the parser's own output: nothing may reach stderr */
static void discard(struct fy_diag *diag, void *user, const char *text, size_t size)
{
    (void)diag;
    (void)user;
    (void)text;
    (void)size;
}

/* diag_new() - collect the parser's errors and print nothing; NULL without memory */
static struct fy_diag *diag_new(void)
{
    struct fy_diag_cfg config;
    struct fy_diag *diag;

    fy_diag_cfg_default(&config);
    config.fp = NULL;
    config.output_fn = discard;
    config.level = FYET_ERROR;
    config.colorize = false;
    diag = fy_diag_create(&config);
    if (diag != NULL) {
        fy_diag_set_collect_errors(diag, true);
    }
    return diag;
}

static void diag_free_p(struct fy_diag **diag)
{
    fy_diag_destroy(*diag);
}

static void parser_free_p(struct fy_parser **parser)
{
    fy_parser_destroy(*parser);
}

/* fail_syntax() - the first error that the parser itself found */
static int fail_syntax(struct builder *builder, struct fy_diag *diag)
{
    const struct fy_mark *mark = NULL;
    const struct fy_diag_error *found;
    void *previous = NULL;

    do {
        found = fy_diag_errors_iterate(diag, &previous);
    } while (found != NULL && found->type != FYET_ERROR);
    if (found == NULL) {
        return init_source_fail(builder->source, builder->last, builder->error,
                                "this is not YAML from here on");
    }
    if (found->fyt != NULL) {
        mark = fy_token_start_mark(found->fyt);
    }
    if (mark != NULL) {
        builder->last = init_source_position(builder->source, mark->input_pos);
    }
    return init_source_fail(builder->source, builder->last, builder->error, "%s%s", found->msg,
                            strstr(found->msg, "alias") != NULL ? "; write \"*\" in quotes" : "");
}

/* build() - read events until the end or the first error */
static int build(struct builder *builder, struct fy_parser *parser, struct fy_diag *diag)
{
    struct fy_event *event;

    while ((event = fy_parser_parse(parser)) != NULL) {
        int r = on_event(builder, event);
        fy_parser_event_free(parser, event);
        if (r != 0) {
            return r;
        }
    }
    if (fy_parser_get_stream_error(parser)) {
        return fail_syntax(builder, diag);
    }
    if (builder->root == NULL) {
        return init_source_fail(
            builder->source, (struct init_position){1, 1}, builder->error,
            "nothing is written here; the file must hold 'entities:' and a list");
    }
    return 0;
}

/**
 * init_yaml_parse() - make a tree of a text
 * @source:    borrowed
 * @ret_root:  never NULL; owned by the caller
 * @ret_error: written when INIT_E_INVALID is returned
 *
 * Return: 0; INIT_E_INVALID; -ENOMEM.
 */
int init_yaml_parse(const struct init_source *source, struct init_yaml_node **ret_root,
                    struct init_error *ret_error)
{
    CLEANUP(diag_free_p) struct fy_diag *diag = diag_new();
    const struct fy_parse_cfg config = {
        .diag = diag,
        .flags = FYPCF_DEFAULT_VERSION_1_2 | FYPCF_JSON_NONE,
    };
    CLEANUP(parser_free_p)
    struct fy_parser *parser = diag != NULL ? fy_parser_create(&config) : NULL;
    struct builder builder = {.source = source, .error = ret_error, .last = {1, 1}};
    int r;

    if (parser == NULL || fy_parser_set_string(parser, source->text, source->size) != 0) {
        return -ENOMEM;
    }
    r = build(&builder, parser, diag);
    if (r != 0) {
        while (builder.depth > 0) {
            free(builder.open[--builder.depth].key);
        }
        init_yaml_free(builder.root);
        return r;
    }
    *ret_root = builder.root;
    return 0;
}

/* init_yaml_free() - release a tree; NULL is none. Return: NULL. */
struct init_yaml_node *init_yaml_free(struct init_yaml_node *node)
{
    while (node != NULL) {
        struct init_yaml_node *next = node->next;
        init_yaml_free(node->children); /* INIT_YAML_DEPTH_MAX deep at most */
        free(node->text);
        free(node->key);
        free(node);
        node = next;
    }
    return NULL;
}

/* init_yaml_free_p() - for CLEANUP() */
void init_yaml_free_p(struct init_yaml_node **node)
{
    *node = init_yaml_free(*node);
}
