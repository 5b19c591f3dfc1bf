/* SPDX-License-Identifier: Apache-2.0 */
#include <kos_net.h>

#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

bool wait_for_network(void)
{
    struct ifaddrs *list = NULL;
    bool is_up = false;

    if (getifaddrs(&list) != 0) {
        return false;
    }
    for (const struct ifaddrs *entry = list; entry != NULL && !is_up; entry = entry->ifa_next) {
        is_up = (entry->ifa_flags & IFF_UP) != 0;
    }
    freeifaddrs(list);
    return is_up;
}

bool wait_for_iface(const char *name)
{
    (void)name;
    return wait_for_network();
}

bool configure_net_iface(const char *name, const char *address, const char *mask,
                         const char *gateway, unsigned mtu)
{
    (void)name;
    (void)address;
    (void)mask;
    (void)gateway;
    (void)mtu;
    return wait_for_network();
}

/* print_address() - if it is one of IPv4 or IPv6 */
static void print_address(const struct ifaddrs *entry)
{
    char text[NI_MAXHOST];
    socklen_t size = 0;

    if (entry->ifa_addr != NULL && entry->ifa_addr->sa_family == AF_INET) {
        size = sizeof(struct sockaddr_in);
    } else if (entry->ifa_addr != NULL && entry->ifa_addr->sa_family == AF_INET6) {
        size = sizeof(struct sockaddr_in6);
    }
    if (size != 0 &&
        getnameinfo(entry->ifa_addr, size, text, sizeof(text), NULL, 0, NI_NUMERICHOST) == 0) {
        (void)fprintf(stderr, "%s: %s\n", entry->ifa_name, text);
    }
}

bool list_network_ifaces(void)
{
    struct ifaddrs *list = NULL;

    if (getifaddrs(&list) != 0) {
        return false;
    }
    for (const struct ifaddrs *entry = list; entry != NULL; entry = entry->ifa_next) {
        print_address(entry);
    }
    freeifaddrs(list);
    return true;
}
