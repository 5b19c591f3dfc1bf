// SPDX-License-Identifier: Apache-2.0
#pragma once
constexpr const char *MORE_CHANNEL = "more_channel";
