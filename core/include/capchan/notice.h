/* SPDX-License-Identifier: Apache-2.0 */
/**
 * capchan/notice.h - notices in an event loop of one's own
 *
 * Ours: KasperskyOS has nothing like it.
 */
#ifndef CAPCHAN_NOTICE_H_
#define CAPCHAN_NOTICE_H_

#include <coresrv/handle/notice_api.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * capchan_notice_fd() - a descriptor that says when KnNoticeGetEvent() does not have to wait
 * @notice: of this process
 *
 * It is readable (POLLIN, EPOLLIN) as long as events wait to be taken, once the notice was dropped,
 * and once the broker has ended. It is for poll(), select() and epoll alone: who reads from it may
 * not be told of what comes later. It belongs to the notice, and is closed when that is released.
 *
 * Context: any thread; does not block.
 * Return:  the descriptor; -1: @notice is no notice of this process.
 */
int capchan_notice_fd(Notice notice);

#ifdef __cplusplus
}
#endif

#endif
