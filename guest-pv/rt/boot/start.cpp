// SPDX-License-Identifier: MIT
// From the first instruction to main(): each step needs the ones before it.
#include <cstdlib>
#include <vector>

#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/boot/stages.hpp"

extern "C" {
using Constructor = void (*)();
extern Constructor const constructors_start[];
extern Constructor const constructors_end[];

// C++ forbids a program to call main by its name; this is the same function.
int guest_main(int argc, char** argv) asm("main");
[[noreturn]] void rt_start(start_info_t* info);
}

namespace {

// The command line's words, after a first word of the kit's as argv[0].
struct Arguments {
    char text[MAX_GUEST_CMDLINE + 1] = {};
    std::vector<char*> words;
};

Arguments& arguments() {
    static Arguments self;
    static char program[] = "guest";
    self.words.push_back(program);
    std::string_view const line = rt::command_line();
    line.copy(self.text, sizeof self.text - 1);
    bool inside = false;
    for (char* at = self.text; *at != '\0'; at++) {
        bool const space = *at == ' ';
        if (space)
            *at = '\0';
        else if (!inside)
            self.words.push_back(at);
        inside = !space;
    }
    self.words.push_back(nullptr);
    return self;
}

}  // namespace

void rt_start(start_info_t* info) {
    rt::stage::adopt_start_info(info);
    rt::stage::take_exceptions();
    rt::stage::map_shared_info();
    rt::stage::map_all_memory();
    rt::stage::set_memory_aside();
    for (auto* constructor = constructors_start; constructor != constructors_end; constructor++)
        (*constructor)();
    rt::stage::start_scheduler();
    rt::stage::start_events();
    rt::stage::open_console();
    rt::stage::watch_for_shutdown();
    auto& given = arguments();
    exit(guest_main(static_cast<int>(given.words.size() - 1), given.words.data()));
}
