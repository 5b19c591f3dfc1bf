/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What idlc has to say about a file as a whole.
 */
#pragma once

/* One line on stderr. */
void complain(const char *path, const char *problem);
