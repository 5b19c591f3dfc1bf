/* SPDX-License-Identifier: Apache-2.0 */
extern "C" {
#include <coresrv/nk/transport-kos-dispatch.h>
}

#include "words.h"

#include <algorithm>
#include <sstream>
#include <string>

#include <rtl_cpp/retcode.h>
#include <rtl_cpp/retcode_hr.h>

struct MyTransport : NkKosTransport {
};

struct MyArena : nk_arena {
};

class Arena
{
    char m_buffer[16];
    nk_arena m_arena;
    KosMutex m_mutex{};

  public:
    Arena() : m_arena(NK_ARENA_INITIALIZER(m_buffer, m_buffer + sizeof(m_buffer)))
    {
        m_mutex = {};
    }
    nk_arena *get()
    {
        m_arena.end = &m_buffer + 1;
        return &m_arena;
    }
    KosMutex *mutex()
    {
        return &m_mutex;
    }
};

template <size_t N> struct Buffer {
    nk_uint8_t bytes[N + 1]{};
};

static kos::rtl::Result wait_for(rtl_uint32_t milliseconds)
{
    return TO_RESULT(KnSleep(milliseconds));
}

static kos::rtl::Result fail(bool late)
{
    if (late) {
        return rcTimeout;
    }
    return rcFail;
}

static Retcode check_results()
{
    static_assert(TO_RESULT(rcFail) != rcOk && kos::rtl::Result() == rcOk, "they are constants");
    const auto result = fail(true);
    std::ostringstream printed;
    char text[32];

    printed << result;
    rtl_snprintf(text, sizeof(text), RETCODE_HR_FMT, RETCODE_HR_PARAMS(result));
    rtl_assert(std::string(text) == "rcTimeout (" + printed.str() + ")");
    rtl_assert(result == rcTimeout && result != fail(false) && RC_GET_CODE(result) > 0);
    switch (result) {
    case rcTimeout:
        return wait_for(0);
    default:
        return rcFail;
    }
}

static int check_cpp()
{
    constexpr Retcode failed = rcFail;
    MyTransport transport{};
    MyArena none{};
    Arena arena;
    Buffer<0> buffer;
    nk_ptr_t chunk{};
    nk_uint32_t count = 0;

    static_assert(failed != rcOk, "results are constants");
    NkKosTransport_Init(&transport, INVALID_HANDLE, nullptr, 0);
    rtl_assert(ServiceLocatorRegister("nothing", nullptr, 0, nullptr) == INVALID_HANDLE);
    rtl_assert(nk_arena_alloc(nk_char_t, &none, &chunk, 1) == nullptr);
    rtl_assert(NkKosCopyStringToArena(arena.get(), &chunk, "text") == NK_EOK);
    const nk_arena *held = arena.get();
    nk_char_t *text = nk_arena_get(nk_char_t, held, &chunk, &count);
    rtl_assert(std::string(text) == "text" && std::min(count, std::uint32_t{4}) == 4);
    rtl_assert(check_results() == rcOk);
    rtl_assert(KosMutexTryLock(arena.mutex()) == rcOk && buffer.bytes[0] == 0);
    return 0;
}

int main()
{
    return check_cpp() + check_all("C++");
}
