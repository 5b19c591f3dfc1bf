/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes are an init.yaml that loads, or one error in one place of the text; and any bytes are a
 * C header. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "locator/c_constant.h"
#include "locator/init_config.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
const char *__lsan_default_suppressions(void);

/*
 * libfyaml 0.7.12 loses a buffer of its own when a quoted text with dozens of '' has no end. The
 * tests in tests/locator suppress nothing and show that we release what is ours to release.
 */
const char *__lsan_default_suppressions(void)
{
    return "leak:libfyaml.so";
}

/* check_config() - what every accepted config promises */
static void check_config(const struct init_config *config)
{
    assert(config->n_entities > 0);
    for (size_t i = 0; i < config->n_entities; i++) {
        const struct init_entity *entity = &config->entities[i];
        assert(init_config_find_task(config, entity->task) == entity);
        assert(entity->args[entity->n_args] == NULL && entity->env[entity->n_env] == NULL);
        for (size_t j = 0; j < entity->n_connections; j++) {
            assert(entity->connections[j].target != entity);
            assert(entity->connections[j].id[0] != '\0');
        }
    }
    assert(config->has_rules || config->n_rules == 0);
    for (size_t i = 0; i < config->n_rules; i++) {
        assert(config->rules[i].client[0] != '\0');
        assert(config->rules[i].server[0] != '\0');
        assert(config->rules[i].service[0] != '\0');
    }
}

/* check_error() - what every error promises, and that it can be shown */
static void check_error(struct init_error *error)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert(error->position.line > 0 && error->position.column > 0);
    assert(error->message[0] != '\0' && strchr(error->message, '\n') == NULL);
    assert(error->source_line == NULL || error->position.column <= strlen(error->source_line) + 1);
    init_error_print(error, out);
    (void)fclose(out);
    free(text);
    init_error_deinit(error);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct init_config *config = NULL;
    struct init_error error = {0};
    char *value = NULL;
    int r = init_config_load_memory("init.yaml", bytes, size, &config, &error);

    assert(r == 0 || r == INIT_E_INVALID);
    if (r == 0) {
        check_config(config);
        init_config_free(config);
    } else {
        check_error(&error);
    }
    (void)c_constant_find((const char *)bytes, size, "A", &value);
    free(value);
    return 0;
}
