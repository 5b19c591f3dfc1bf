# SPDX-License-Identifier: Apache-2.0
# host_entities.awk - which classes need no program here; -v table=FILE lists them

# is_host(CLASS) - whether the host does its work
function is_host(class,    text) {
    while (!has_table && (getline text < table) > 0) {
        if (text ~ /^[^# \t]/) {
            sub(/[ \t].*/, "", text)
            gsub(/[.]/, "[.]", text)
            gsub(/[*]/, ".*", text)
            host_classes = host_classes (host_classes == "" ? "" : "|") text
        }
    }
    has_table = 1
    return class ~ ("^(" host_classes ")$")
}
