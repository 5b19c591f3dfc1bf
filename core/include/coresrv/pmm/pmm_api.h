/* SPDX-License-Identifier: Apache-2.0 */
/** coresrv/pmm/pmm_api.h - memory that processes share; <coresrv/vmm/vmm_api.h> has all of it */
#ifndef CORESRV_PMM_PMM_API_H_
#define CORESRV_PMM_PMM_API_H_

#include <coresrv/vmm/vmm_api.h>

#endif
