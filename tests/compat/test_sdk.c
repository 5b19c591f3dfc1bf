/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Projects in the form of KasperskyOS's are configured, built and run with what `make install`
 * installs, by cmake alone; the installed tree is moved before.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/check_main.h"
#include "tests/support/folder.h"
#include "tests/support/shell.h"
#include "tests/support/solution.h"

static char *scratch;

/* What all commands start with; $scratch, $build, $project and $with are in the environment.
 * configure NAME OPTION... makes a build folder, build NAME TARGET builds there. A project is one
 * of tests/compat, in a folder that cannot be written to. */
static const char prologue[] =
    "set -eu; exec 2>&1\n"
    "share=$scratch/moved/share/capchan source=$scratch/source/$project\n"
    "name=build/$project$(echo \"$with\" | tr -d ,)\n" /* at a comma, CMake takes a path apart */
    "configure() {\n"
    "    cmake -S \"$source\" -B \"$scratch/$name\" ${SANITIZE:+-D CAPCHAN_SANITIZE=$SANITIZE} \\\n"
    "        -D CMAKE_TOOLCHAIN_FILE=\"$share/toolchain.cmake\" $with \"$@\"\n"
    "}\n"
    "build() { env -u MAKEFLAGS -u MAKELEVEL cmake --build \"$scratch/$name\" -j2 --target \"$@\"; "
    "}\n"
    "work() { grep -E 'Building|Generating|Linking' || true; }\n";

#define shell(commands) shell_run(prologue, "%s", commands)

static void use(const char *project, const char *with)
{
    setenv("project", project, 1);
    setenv("with", with, 1);
}

static void install(void)
{
    scratch = folder_new();
    setenv("scratch", scratch, 1);
    setenv("build", build_folder(), 1);
    use("", "");
    shell("MAKEFLAGS= make -s install BUILD=\"$build\" DESTDIR=\"$scratch/root\" PREFIX=/opt/it\n"
          "mv \"$scratch/root/opt/it\" \"$scratch/moved\"\n"
          "mkdir \"$scratch/source\" \"$scratch/build\"\n"
          "for project in tests/compat/*/; do cp -R \"$project\" \"$scratch/source\"; done\n"
          "cp -R \"$scratch/source\" \"$scratch/pristine\"\n"
          "chmod -R a-w \"$scratch/source\"");
}

static void uninstall(void)
{
    folder_free(scratch);
}

/* build_copy() - a copy of doorbell to make mistakes in, and that of it which is built once for all
 * of them */
static void build_copy(void)
{
    use("copy", "");
    shell("cp -R tests/compat/doorbell \"$source\" && configure && build kos-image\n"
          "mkdir $scratch/kept && cp -Rp \"$source\" $scratch/kept/source\n"
          "cp -Rp \"$scratch/$name\" $scratch/kept/build");
}

static const struct {
    const char *name;
    const char *run; /* options of capchan run; "": all entities end by themselves */
} projects[] = {
    {"doorbell", "--exit-with doorbell.Visitor"},
    {"almanac", ""},
    {"thermostat", ""},
    {"greenhouse", ""},
    {"market", ""},
    {"harbour", "--exit-with harbour.Ship --replace kl.drivers.BSP=/bin/true"},
};

/* Options of cmake that each of them is built with. */
static const char *const withs[] = {
    "",
    "-DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++",
    "-DCAPCHAN_SANITIZE=address,undefined",
};

#define N_PROJECTS (int)(sizeof(projects) / sizeof(projects[0]))
#define N_WITHS (int)(sizeof(withs) / sizeof(withs[0]))

START_TEST(a_project_is_built_and_run_as_it_is)
{
    const char *with = withs[_i % N_WITHS];

    if (getenv("SANITIZE") != NULL && with[0] != '\0') {
        return; /* programs must have the library's sanitizers, and its compiler's */
    }
    use(projects[_i / N_WITHS].name, with);
    setenv("run", projects[_i / N_WITHS].run, 1);
    shell("configure -D CAPCHAN_RUN_OPTIONS=\"$run\"\n"
          "build kos-image\n"
          "build sim > $scratch/printed 2>&1\n"
          "grep ' | ' $scratch/printed | sort -s -t '|' -k 1,1 | diff $source/expected -");
    ck_assert_str_eq(shell("build kos-image 2>&1 | work"), "");
    ck_assert_str_eq(shell("diff -r \"$scratch/pristine/$project\" \"$source\""), "");
}
END_TEST

/* What newcomers do, and one line of what they are told. The first line says what to change in a
 * copy of doorbell. */
static const struct {
    const char *change;
    const char *target; /* what to build; NULL: it is refused when it is configured */
    const char *said;
} mistakes[] = {
    {"sed -i s/Diary.edl/Dairy.edl/ CMakeLists.txt", NULL,
     "nk_build_edl_files(): there is no $copy/resources/edl/Dairy.edl; paths are relative to"},
    {"sed -i 's/(ENTITIES Visitor/(ENTITIES Visitr/' einit/CMakeLists.txt", NULL,
     "build_kos_qemu_image(kos-qemu-image): 'Visitr' is neither a target nor a file below $copy"},
    {"sed -i s/security.psl/safety.psl/ einit/CMakeLists.txt", NULL,
     "build_kos_qemu_image(): SECURITY_PSL must name a file, and '$copy/einit/src/safety.psl'"},
    {"sed -i s/src.init.yaml.in/init.yaml.in/ einit/CMakeLists.txt", NULL,
     "build_kos_qemu_image(): CONNECTIONS_CFG must name a file, and '$copy/einit/init.yaml.in'"},
    {"sed -i s/EINIT_ENTITY/EINIT/ einit/CMakeLists.txt", NULL,
     "build_kos_qemu_image(kos-qemu-image): EINIT_ENTITY is missing"},
    {"sed -i '3i @INIT_House_ENTITY_CONNECTIONS@' einit/src/init.yaml.in", NULL,
     "$copy/einit/src/init.yaml.in:3: @INIT_House_ENTITY_CONNECTIONS@ belongs below the"},
    {"sed -i s/INIT_House_ENTITY/INIT_Hause_ENTITY/ einit/src/init.yaml.in", "kos-image",
     "$copy/einit/src/init.yaml.in:20: @INIT_Hause_ENTITY_CONNECTIONS@ stands for nothing"},
    {"sed -i 's/TASK doorbell.House/TASK doorbell.Hous/' einit/CMakeLists.txt", "kos-image",
     "$copy/einit/src/init.yaml.in:8:15: error: target 'doorbell.Hous' is not the task of any "},
    {"sed -i 's/target: doorbell.Diary\\\\n/target: doorbell.Dairy\\\\n/' visitor/CMakeLists.txt",
     "kos-image", "$copy/einit/src/init.yaml.in:10:15: error: target 'doorbell.Dairy' is not the"},
    {"sed -i '21a - name: doorbell.Hose' einit/src/init.yaml.in", "kos-image",
     "$copy/einit/src/init.yaml.in:22:9: error: executable 'doorbell.Hose' or 'Hose' was not"},
    {"sed -i 's/path: Visitor/path: Vistor/' einit/src/init.yaml.in", "kos-image",
     "$copy/einit/src/init.yaml.in:6:9: error: executable 'Vistor' was not found in"},
    {"sed -i s/entity/entitee/ resources/edl/House.edl", "doorbell_edl_files",
     "$copy/resources/edl/House.edl:1:1: error: "},
    {"sed -i s/doorbell.House/doorbell.Haus/ resources/edl/House.edl", "doorbell_edl_files",
     "$copy/resources/edl/House.edl: error: it declares something else than its name says"},
    {"sed -i 's/gpio)/gpio REQUIRED)/' einit/CMakeLists.txt", NULL,
     "find_package(gpio): a host has no such hardware; build the programs that use it for the"},
    {"echo 'set(CMAKE_FIND_ROOT_PATH /not/there)\nset(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)' "
     ">> CMakeLists.txt; echo 'find_package(mosquitto REQUIRED)' >> CMakeLists.txt",
     NULL, "find_package(mosquitto): it is one of Debian's; apt-get install libmosquitto-dev"},
    {"echo 'set(CMAKE_FIND_ROOT_PATH /not/there)\nset(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)' "
     ">> CMakeLists.txt; echo 'find_package(Poco REQUIRED COMPONENTS Net)' >> CMakeLists.txt",
     NULL, "find_package(Poco): it is not installed; apt-get install libpoco-dev"},
    {"echo 'find_package(no_such_package 1.2 REQUIRED part)' >> CMakeLists.txt", NULL,
     "find_package(no_such_package): there is no such package; install it; or put a Findno_such_p"},
    {"sed -i '21a - name: kl.drivers.GPIO' einit/src/init.yaml.in", "kos-image",
     "; a host has no such hardware: leave the entity out, or name a stand-in with capchan run "
     "--r"},
    {"echo 'find_package(kosipc REQUIRED)' >> CMakeLists.txt", NULL,
     "find_package(kosipc): there is no C++ runtime yet"},
    {"echo 'add_nk_idl(x resources/IBell.idl NK_MODULE doorbell LANG C++)' >> CMakeLists.txt", NULL,
     "add_nk_idl(x): LANG C++ is neither C nor CXX"},
    {"echo 'add_nk_idl(x resources/IBell.idl NK_MODULE doorbell LANG CXX)' >> CMakeLists.txt; "
     "sed -i '1i #include <doorbell/IBell.idl.cpp.h>' diary/src/diary.cpp",
     "Diary", "there is no C++ runtime (kosipc) yet; include <doorbell/IBell.idl.h>"},
    {"echo 'generate_edl_file(x)' >> CMakeLists.txt", NULL,
     "generate_edl_file() is missing; write the EDL file by hand"},
    {"echo 'nk_build_idl_files(x NK_MODULE doorbell)' >> CMakeLists.txt", NULL,
     "nk_build_idl_files(x): name at least one file"},
    {"sed -i '1i #include <klog/system_audit.h>' diary/src/diary.cpp", "Diary",
     "$copy/diary/src/diary.cpp includes <klog/system_audit.h>: there are no policies yet, and so"},
    {"sed -i '1i # include \"gpio/gpio.h\"' house/src/answers.c", "answers",
     "$copy/house/src/answers.c includes <gpio/gpio.h>: a host has no such hardware; leave this"},
    {"sed -i -e '1i #include <rtl_cpp/retcode.h>' -e 's/return \\(NkKos.*\\);/if (TO_RESULT(\\1)) "
     "{ return 1; }/' diary/src/diary.cpp",
     "Diary", "a kos::rtl::Result is no condition; compare it with rcOk"},
    {"sed -i '1i #include <rtl_cpp/retcode.h>' house/src/house.c", "House",
     "<rtl_cpp/retcode.h> is for C++; C has <rtl/retcode.h>"},
    {"sed -i '1i #include <rtl_cpp/string.h>' diary/src/diary.cpp", "Diary",
     "$copy/diary/src/diary.cpp includes <rtl_cpp/string.h>: of these there are only <rtl_cpp/ret"},
    {"mkdir a && cp resources/IBell.idl a && echo '/* mine */' >> a/IBell.idl && "
     "echo 'nk_build_idl_files(x NK_MODULE doorbell IDL a/IBell.idl)' >> CMakeLists.txt",
     NULL, "$copy/a/IBell.idl and $copy/resources/IBell.idl both are doorbell/IBell.idl"},
};

START_TEST(a_mistake_is_told_in_one_line_with_how_to_mend_it)
{
    use("copy", "");
    setenv("change", mistakes[_i].change, 1);
    setenv("target", mistakes[_i].target != NULL ? mistakes[_i].target : "", 1);
    setenv("said", mistakes[_i].said, 1);
    shell("copy=$source; rm -rf \"$copy\" \"$scratch/$name\"\n"
          "cp -Rp $scratch/kept/source \"$copy\"; cp -Rp $scratch/kept/build \"$scratch/$name\"\n"
          "(cd \"$copy\" && eval \"$change\")\n"
          "if [ -n \"$target\" ]; then\n"
          "    configure > $scratch/printed 2>&1; build $target >> $scratch/printed 2>&1 || true\n"
          "elif configure > $scratch/printed 2>&1; then\n"
          "    echo 'it was configured'; exit 1\n"
          "fi\n"
          "eval \"expected=\\\"$said\\\"\"\n"
          "grep -F \"$expected\" $scratch/printed || { cat $scratch/printed; exit 1; }");
}
END_TEST

START_TEST(a_header_that_the_project_brings_is_no_mistake)
{
    use("copy", "");
    shell("rm -rf \"$source\" \"$scratch/$name\"; cp -Rp $scratch/kept/source \"$source\"\n"
          "mkdir -p \"$source/include/gpio\" \"$source/house/src/bsp\"\n"
          "touch \"$source/include/gpio/gpio.h\" \"$source/house/src/bsp/bsp.h\"\n"
          "sed -i '1i #include \"bsp/bsp.h\"' \"$source/house/src/answers.c\"\n"
          "sed -i '1i #include <gpio/gpio.h>' \"$source/visitor/src/visitor.c\"\n");
    ck_assert_str_eq(shell("configure | grep ' includes <' || true"), "");
    shell("build Visitor answers");
}
END_TEST

START_TEST(a_program_linked_with_static_needs_no_library)
{
    if (getenv("SANITIZE") != NULL) {
        return; /* which cannot be linked so */
    }
    use("almanac", "");
    ck_assert_str_eq(shell("configure > $scratch/printed && build Reader >> $scratch/printed\n"
                           "readelf -d $scratch/$name/reader/Reader | grep -c NEEDED || true"),
                     "0\n");
}
END_TEST

START_TEST(two_builds_of_one_source_tree_go_on_at_a_time)
{
    use("greenhouse", "");
    shell("for name in build/one build/two; do (configure && build kos-image) & jobs=\"${jobs-} "
          "$!\"; done\n"
          "for job in $jobs; do wait $job; done");
    ck_assert_str_eq(shell("diff -r \"$scratch/pristine/$project\" \"$source\""), "");
}
END_TEST

START_TEST(a_script_that_asks_for_the_sdk_finds_it)
{
    use("harbour", "");
    shell("for suffix in '' -clang; do\n"
          "    SDK_PREFIX=$share/sdk BUILD=$scratch/cross$suffix PLATFORM_SUFFIX=$suffix \\\n"
          "        $source/cross-build.sh\n"
          "    test -x $scratch/cross$suffix/Ship\n"
          "done");
}
END_TEST

START_TEST(files_that_an_interface_imports_are_watched)
{
    use("doorbell", "");
    shell("chmod -R u+w \"$source\" && configure && build kos-image\n"
          "sed -i s/31/30/ \"$source/resources/Sizes.idl\"\n"
          "build kos-image 2>&1 | work > $scratch/printed\n"
          "grep -q IBell.idl.h $scratch/printed && grep -q answers.c $scratch/printed");
    ck_assert_str_eq(shell("build kos-image 2>&1 | work"), "");
}
END_TEST

START_TEST(a_project_of_ones_own_finds_the_package)
{
    use("echo", "");
    shell(
        "cmake -S examples/echo -B \"$scratch/$name\" -D CMAKE_PREFIX_PATH=\"$scratch/moved\" \\\n"
        "    -D CMAKE_C_FLAGS=\"${SANITIZE:+-fsanitize=$SANITIZE}\" && build all\n"
        "\"$scratch/moved/bin/capchan\" run --bin \"$scratch/$name\" -e echo.Client \\\n"
        "    examples/echo/init.yaml > $scratch/printed 2>&1\n"
        "grep -q 'echo.Client | FPing(500) = 500' $scratch/printed");
    ck_assert_str_eq(shell("build all 2>&1 | work"), "");
    shell("cp -R examples/echo \"$source\" && rm -r \"$scratch/$name\"\n"
          "sed -i 's/capchan_generate(/&${program} ROOT nowhere "
          "resources\\/echo\\/IPing.idl)\\n&/' \\\n"
          "    \"$source/CMakeLists.txt\"\n"
          "cmake -S \"$source\" -B \"$scratch/$name\" -D CMAKE_PREFIX_PATH=\"$scratch/moved\" \\\n"
          "    > $scratch/printed 2>&1 && exit 1\n"
          "grep -qF \"is not below $source/nowhere; say ROOT FOLDER\" $scratch/printed");
}
END_TEST

START_TEST(a_project_of_ones_own_is_built_by_meson)
{
    use("echo", "meson");
    shell("export PKG_CONFIG_PATH=$scratch/pkgconfig\n"
          "mkdir $scratch/pkgconfig\n"
          "sed \"s|^prefix=.*|prefix=$scratch/moved|\" $scratch/moved/lib/pkgconfig/capchan.pc \\\n"
          "    > $scratch/pkgconfig/capchan.pc\n"
          "meson setup $scratch/$name examples/echo \\\n"
          "    ${SANITIZE:+-D b_sanitize=$SANITIZE -D b_lundef=false}\n"
          "ninja -C $scratch/$name -j2\n"
          "\"$scratch/moved/bin/capchan\" run --bin \"$scratch/$name\" -e echo.Client \\\n"
          "    examples/echo/init.yaml > $scratch/printed 2>&1\n"
          "grep -q 'echo.Client | FPing(500) = 500' $scratch/printed");
    ck_assert_ptr_nonnull(strstr(shell("ninja -C $scratch/$name"), "no work to do"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sdk");
    TCase *cases = tcase_create("sdk");

    tcase_set_timeout(cases, 240);
    tcase_add_unchecked_fixture(cases, install, uninstall);
    tcase_add_unchecked_fixture(cases, build_copy, NULL);
    tcase_add_loop_test(cases, a_project_is_built_and_run_as_it_is, 0, N_PROJECTS * N_WITHS);
    tcase_add_loop_test(cases, a_mistake_is_told_in_one_line_with_how_to_mend_it, 0,
                        sizeof(mistakes) / sizeof(mistakes[0]));
    tcase_add_test(cases, a_header_that_the_project_brings_is_no_mistake);
    tcase_add_test(cases, a_program_linked_with_static_needs_no_library);
    tcase_add_test(cases, two_builds_of_one_source_tree_go_on_at_a_time);
    tcase_add_test(cases, a_script_that_asks_for_the_sdk_finds_it);
    tcase_add_test(cases, files_that_an_interface_imports_are_watched);
    tcase_add_test(cases, a_project_of_ones_own_finds_the_package);
    tcase_add_test(cases, a_project_of_ones_own_is_built_by_meson);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
