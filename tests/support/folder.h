/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Folders for what tests write.
 */
#pragma once

char *folder_new(void);
int folder_remove(const char *path);
void folder_free(char *path);
