/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MARKET_NAMES_H
#define MARKET_NAMES_H

#define GOODS_TYPE "market.IGoods"
#define GOODS_SERVICE "goods.main"

#endif
