/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A domain of its own for each entity, so that entities of one user cannot reach into each other.
 */
#pragma once

int domain_enter(void);
