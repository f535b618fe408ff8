// The candle patterns, a family a file.

#pragma once

#include "models/features/feature_entry.hpp"

#include <span>

namespace qalpha {

/// @returns what one candle shows by itself.
std::span<const feature_entry> single_candles();

/// @returns a small body with one long shadow, after another candle.
std::span<const feature_entry> hammers();

/// @returns two candles of which the second answers the first.
std::span<const feature_entry> candle_pairs();

/// @returns a candle with its body in that of the one before, or around it.
std::span<const feature_entry> nested_candles();

/// @returns a candle apart between two others.
std::span<const feature_entry> candle_stars();

/// @returns three candles of one colour, and what follows them.
std::span<const feature_entry> candle_rows();

/// @returns three candles with a gap, or none, of different colours.
std::span<const feature_entry> candle_triples();

/// @returns patterns of four candles and more.
std::span<const feature_entry> long_candle_patterns();

} // namespace qalpha
