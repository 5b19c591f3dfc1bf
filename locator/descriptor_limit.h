/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many descriptors this process may have open: as many as it can get for us, as many as before
 * for entities.
 */
#pragma once

void descriptor_limit_raise(void);
void descriptor_limit_restore(void);
