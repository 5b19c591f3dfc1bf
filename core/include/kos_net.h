/* SPDX-License-Identifier: Apache-2.0 */
/**
 * kos_net.h - getting at the network
 *
 * On a host, who runs it has configured the network, and programs use it as all others do. Source
 * of the names: KasperskyOS CE 1.0 to 1.4; the types, and the values of the constants, are ours.
 */
#ifndef KOS_NET_H_
#define KOS_NET_H_

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What programs hand to configure_net_iface(). */
#define DEFAULT_INTERFACE "en0"
#define DEFAULT_ADDR "10.0.2.10"
#define DEFAULT_MASK "255.255.255.0"
#define DEFAULT_GATEWAY "10.0.2.2"
#define DEFAULT_MTU 1500

/**
 * wait_for_network() - whether there is a network
 *
 * Does not wait: the host's network is there before its programs are.
 *
 * Context: any thread.
 * Return:  whether any interface is up, which the one to the host itself suffices for.
 */
bool wait_for_network(void);

/**
 * wait_for_iface() - the same as wait_for_network()
 * @name: of no importance: what a board's interface is called, no host's is
 */
bool wait_for_iface(const char *name);

/**
 * configure_net_iface() - leave the network as it is
 *
 * An entity may not configure the host's interfaces, and need not.
 *
 * Context: any thread.
 * Return:  what wait_for_network() returns.
 */
bool configure_net_iface(const char *name, const char *address, const char *mask,
                         const char *gateway, unsigned mtu);

/**
 * list_network_ifaces() - print the name and the address of each interface to standard error
 *
 * Context: any thread.
 * Return:  whether they could be found out.
 */
bool list_network_ifaces(void);

#ifdef __cplusplus
}
#endif

#endif
