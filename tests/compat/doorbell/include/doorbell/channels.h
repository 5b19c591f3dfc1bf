/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#define DIARY_CHANNEL "diary_channel"
