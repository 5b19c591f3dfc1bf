/* SPDX-License-Identifier: Apache-2.0 */
#include "idl/warnings.h"

#include <string.h>

#include "idl/suggest.h"

static const struct idl_warning_info infos[IDL_N_WARNINGS] = {
    [IDL_WARN_CASE_CLASH] = {"case-clash", "names beside each other that differ only in case"},
    [IDL_WARN_DEPRECATED] = {"deprecated", "old spellings: 'interfaces' for 'endpoints'"},
    [IDL_WARN_EMPTY_INTERFACE] = {"empty-interface", "an interface without methods"},
    [IDL_WARN_FILE_NAME] = {"file-name", "a file's name that KasperskyOS would refuse"},
    [IDL_WARN_LARGE_MESSAGE] = {"large-message", "a method whose messages may exceed 1 MiB"},
    [IDL_WARN_PACKAGE_PATH] = {"package-path", "a file that is not called as what it declares"},
    [IDL_WARN_SHADOW] = {"shadow", "a type or constant that hides an imported one"},
    [IDL_WARN_UNDERSCORE] = {"underscore", "an underscore where KasperskyOS allows none"},
    [IDL_WARN_UNKNOWN_INTERFACE] = {"unknown-interface", "a handle of what cannot be found"},
    [IDL_WARN_UNUSED_IMPORT] = {"unused-import", "an import that nothing in the file needs"},
    [IDL_WARN_ZERO_BOUND] = {"zero-bound", "a string, bytes or sequence that is always empty"},
};

const struct idl_warning_info *idl_warning_at(size_t i)
{
    return i < IDL_N_WARNINGS ? &infos[i] : NULL;
}

bool idl_warning_find(const char *name, enum idl_warning *ret_warning)
{
    for (size_t i = 0; i < IDL_N_WARNINGS; i++) {
        if (strcmp(infos[i].name, name) == 0) {
            *ret_warning = (enum idl_warning)i;
            return true;
        }
    }
    return false;
}

const char *idl_warning_nearest(const char *name)
{
    struct idl_suggestion suggestion;

    idl_suggestion_init(&suggestion, name, strlen(name));
    for (size_t i = 0; i < IDL_N_WARNINGS; i++) {
        idl_suggestion_offer(&suggestion, infos[i].name);
    }
    return suggestion.best;
}
