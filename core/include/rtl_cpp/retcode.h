/* SPDX-License-Identifier: Apache-2.0 */
/**
 * rtl_cpp/retcode.h - results of system calls, as a class of C++
 *
 *     kos::rtl::Result result = TO_RESULT(KnSleep(10));
 *     if (result != rcOk) { ... }
 *
 * KasperskyOS CE 1.4 has the names TO_RESULT() and kos::rtl::Result; the published material says
 * nothing else about them. What they do is ours: a Result is a Retcode that must be looked at.
 */
#ifndef RTL_CPP_RETCODE_H_
#define RTL_CPP_RETCODE_H_

#ifndef __cplusplus
#error "<rtl_cpp/retcode.h> is for C++; C has <rtl/retcode.h>"
#endif

#include <rtl/retcode.h>

extern "C++" {
namespace kos::rtl
{

/**
 * A Retcode that the compiler warns of when it is thrown away. It is made from a Retcode, and
 * becomes one wherever a number is asked for: comparisons, `switch`, streams, RC_GET_CODE(),
 * RETCODE_HR_PARAMS(). In a condition it does not compile: nobody knows whether success is true.
 */
class [[nodiscard]] Result
{
    Retcode m_code;

  public:
    /** Result() - success, unless another @code is given */
    constexpr Result(Retcode code = rcOk) noexcept : m_code(code)
    {
    }

    constexpr operator Retcode() const noexcept
    {
        return m_code;
    }

    template <bool IsCondition = true> explicit constexpr operator bool() const noexcept
    {
        static_assert(!IsCondition, "a kos::rtl::Result is no condition; compare it with rcOk");
        return false;
    }
};

} // namespace kos::rtl
}

/** TO_RESULT() - the Result that @rc, a Retcode, is */
#define TO_RESULT(rc) (::kos::rtl::Result(rc))

#endif
