// SPDX-License-Identifier: MIT
#include "dom0/toolstack/domain_config.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>

namespace {

std::string failure_of(std::string_view text) {
    auto const config = toolstack::read_config("a.cfg", text);
    return config ? "accepted" : config.error();
}

constexpr std::string_view minimal = "name='a'\nkernel='k'\n";

std::string with(std::string_view line) {
    return std::string{minimal} + std::string{line};
}

}  // namespace

TEST_CASE("a configuration is read with its defaults") {
    auto const config = toolstack::read_config("a.cfg", minimal);
    REQUIRE(config);
    CHECK(config->name == "a");
    CHECK(config->memory_mib == 128);
    CHECK(config->vcpus == 1);
    CHECK(config->on_crash == toolstack::OnEnd::destroy);
}

TEST_CASE(
    "D8 little is set aside for handles of a guest, more for who serves others, and what is asked for") {
    CHECK(toolstack::read_config("a", minimal)->max_maptrack_frames() == 64);
    CHECK(toolstack::read_config("a", with("driver_domain=1"))->max_maptrack_frames() == 512);
    CHECK(
        toolstack::read_config("a", with("driver_domain=1\nmax_maptrack_frames=0"))->max_maptrack_frames() ==
        0);
    CHECK(failure_of(with("max_maptrack_frames=4097")).starts_with("a.cfg:3: max_maptrack_frames: "));
}

TEST_CASE("values are strings, numbers and lists over several lines") {
    auto const config = toolstack::read_config("a.cfg", R"(
        # a comment
        name = "web" ; kernel = 'vmlinuz'   # two on one line
        memory = 0x100; maxmem = 0400
        vif = [ 'mac=00:16:3e:01:02:03, rate=10Mb/s@20ms',
                "bridge=br1,script=ignored",   # a trailing comma is fine
              ]
        vif += ['queues=2,mtu=9000,mode=mapped']
        on_reboot = "preserve"
    )");
    REQUIRE(config);
    CHECK(config->memory_mib == 256);
    CHECK(config->most_memory_mib == 256);
    REQUIRE(config->vifs.size() == 3);
    CHECK(toolstack::to_string(*config->vifs[0].mac) == "00:16:3e:01:02:03");
    CHECK(config->vifs[0].rate_bytes_per_second == 1'250'000);
    CHECK(config->vifs[0].rate_interval_us == 20'000);
    CHECK(config->vifs[1].bridge == "br1");
    CHECK(config->vifs[1].without_effect == std::vector<std::string>{"script"});
    CHECK(config->warnings == std::vector<std::string>{"a.cfg: vif: 'script' has no effect here"});
    CHECK(config->vifs[2].queues == 2);
    CHECK(config->vifs[2].mode == netback::Mode::mapped);
    CHECK_FALSE(config->vifs[0].mode);
    CHECK(config->vifs[2].mtu == 9000);
    CHECK_FALSE(config->vifs[0].queues);
    CHECK(config->on_reboot == toolstack::OnEnd::preserve);
}

TEST_CASE("cpus is one list for all vcpus, or one for each of the first") {
    auto const same = toolstack::read_config("a", with("vcpus=2\ncpus='0-1,^0'"));
    CHECK(same->cpus_of(0) == 0b10u);
    CHECK(same->cpus_of(1) == 0b10u);
    auto const each = toolstack::read_config("a", with("vcpus=3\ncpus=['0', 2]"));
    CHECK(each->cpus_of(0) == 0b1u);
    CHECK(each->cpus_of(1) == 0b100u);
    CHECK(each->cpus_of(2) == toolstack::any_cpu);
    CHECK(failure_of(with("cpus='3-1'")) == "a.cfg:3: cpus: '3-1' names no processors: write all, N or N-M");
}

TEST_CASE("IM-2 lists of processors for vcpus that there are not are dropped, with a warning") {
    auto const config = toolstack::read_config("a", with("vcpus=1\nmaxvcpus=2\ncpus=['0', 1, 2]"));
    CHECK(config->vcpu_cpus.size() == 2);
    CHECK(config->warnings == std::vector<std::string>{"a: cpus has more items than there are vcpus"});
}

TEST_CASE("the command line is put together as xl does it") {
    CHECK(toolstack::read_config("a", with("root='/dev/xvda'\nextra='ro quiet'"))->command_line ==
          "root=/dev/xvda ro quiet");
    auto const both = toolstack::read_config("a", with("cmdline='x'\nextra='y'"));
    CHECK(both->command_line == "x");
    CHECK(both->warnings.size() == 1);
}

TEST_CASE("a quote behind a backslash does not end a string") {
    auto const config = toolstack::read_config("a.cfg", with(R"(extra = "run=\"a 'b' \\\\\"")"), {});
    REQUIRE(config);
    CHECK(config->command_line == R"(run="a 'b' \\")");
    CHECK(failure_of(with(R"(extra = "x\")")).ends_with("a string does not end on its line"));
    CHECK(failure_of(with("extra = 'x\\")).ends_with("a string does not end on its line"));
}

TEST_CASE("failures name file, line, key and what was probably meant") {
    CHECK(failure_of(with("vcpu = 2")) == "a.cfg:3: vcpu: unknown key, did you mean 'vcpus'?");
    CHECK(failure_of(with("zzzzzzzz = 2")) == "a.cfg:3: zzzzzzzz: unknown key");
    CHECK(failure_of(with("memory = 'lots'")) == "a.cfg:3: memory: a number from 1 to 1048576 was expected");
    CHECK(failure_of(with("type = 'hvm'")) ==
          "a.cfg:3: type: only paravirtual guests are offered: type=\"pv\"");
    CHECK(failure_of(with("vif = ['macc=1']")) == "a.cfg:3: vif: unknown key 'macc', did you mean 'mac'?");
    CHECK(failure_of(with("vif = ['mtu=67']")) == "a.cfg:3: vif: mtu is a number from 68 to 65517");
    CHECK(failure_of(with("vif = ['mac=01:00:00:00:00:00']")).ends_with("is no MAC address of an interface"));
    CHECK(failure_of(with("on_crash = 'explode'")).starts_with("a.cfg:3: on_crash: "));
    CHECK(failure_of("kernel='k'") == "a.cfg: name is not set");
    CHECK(failure_of(with("memory=64\nmaxmem=32")) == "a.cfg: maxmem is less than memory");
    CHECK(failure_of("name = \"a\nkernel='k'") == "a.cfg:1: a string does not end on its line");
    CHECK(failure_of("name = a") ==
          "a.cfg:1: a value was expected here: a quoted string, a number or a [list]");
    CHECK(failure_of(with("vif = ['a'")) == "a.cfg:3: a list is not closed");
}

TEST_CASE("further lines override the file") {
    auto const config = toolstack::read_config("a.cfg", minimal, {"memory=32", "name='b'"});
    REQUIRE(config);
    CHECK(config->memory_mib == 32);
    CHECK(config->name == "b");
}

TEST_CASE("an interface without an address gets one") {
    auto const config = toolstack::read_config("a.cfg", with("vif = ['', 'mac=00:16:3e:01:02:03', '']"));
    REQUIRE(config);
    CHECK(config->vifs[0].mac == toolstack::stable_mac(config->name, 0));
    CHECK(toolstack::to_string(*config->vifs[1].mac) == "00:16:3e:01:02:03");
    CHECK(config->vifs[2].mac == toolstack::stable_mac(config->name, 2));
    CHECK(config->vifs[2].handle == 2);
}

TEST_CASE("a guest keeps its address as long as it keeps its name") {
    CHECK(toolstack::stable_mac("web", 0) == toolstack::stable_mac("web", 0));
    CHECK(toolstack::stable_mac("web", 0) != toolstack::stable_mac("web", 1));
    CHECK(toolstack::to_string(toolstack::stable_mac("web", 0)).starts_with("00:16:3e:"));
}

TEST_CASE("IM-2 no text hurts the parser") {
    auto const ok = rc::check("refused or accepted, never worse", [] {
        auto const text =
            *rc::gen::container<std::string>(rc::gen::elementOf(std::string{"name=kernlvif[]'\",;+0x1#\n "}));
        auto const config = toolstack::read_config("a", text);
        RC_ASSERT(config || !config.error().empty());
    });
    CHECK(ok);
    CHECK_FALSE(toolstack::read_config("a", std::string(100'000, ' ')));
    CHECK_FALSE(toolstack::read_config("a", with("vif=" + std::string(1000, '['))));
}
