# SPDX-License-Identifier: MIT
"""Names in backtraces."""
import importlib.machinery
import importlib.util
import pathlib

import pytest

SCRIPT = pathlib.Path(__file__).resolve().parents[3] / "scripts" / "symbol-table"


@pytest.fixture(scope="module")
def symbol_table():
    loader = importlib.machinery.SourceFileLoader("symbol_table", str(SCRIPT))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("symbol_table", loader))
    loader.exec_module(module)
    return module


@pytest.mark.parametrize("name, short", [
    ("main", "main"),
    ("rt::panic(std::basic_string_view<char, std::char_traits<char> >)", "rt::panic"),
    ("domains::(anonymous namespace)::stop(Domain&, unsigned int) [clone .lto_priv.0]",
     "domains::(anonymous namespace)::stop"),
    ("Client::send() const", "Client::send"),
    ("f(int)::{lambda(int (*)(char))#1}::operator()(int (*)(char)) const", "f(int)::{lambda(int (*)(char))#1}::operator()"),
    ("Map<std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >, int>::at(int)",
     "Map<std::string, int>::at"),
    ("(anonymous namespace)", "(anonymous namespace)"),
])
def test_functions_are_named_without_their_parameters(symbol_table, name, short):
    assert symbol_table.short(name) == short
