// The verbs below qalpha data: one line each, one file each.

#pragma once

#include "runtime/cli/verb.hpp"

namespace qalpha {

void add_data_fetch(verb& data);
void add_data_import(verb& data);
void add_data_demo(verb& data);
void add_data_verify(verb& data);
void add_data_list(verb& data);
void add_data_book(verb& data);
void add_data_bars(verb& data);
void add_data_record(verb& data);
void add_data_replay(verb& data);

} // namespace qalpha
