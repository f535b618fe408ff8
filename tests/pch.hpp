#pragma once

// The precompiled header of all test programs. A test still includes what it
// uses, with dsl.hpp last.

#include <caf/test/unit_test.hpp>

// unit_test.hpp names the suite "unnamed" unless told otherwise. CAF_TEST reads
// the name where it is used, so each test file may still define its own.
#undef CAF_SUITE
