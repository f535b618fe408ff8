// What a model is used for, and how far it has come.

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace qalpha {

/// One model of each is live at a time.
enum class model_role : uint8_t { forecaster, regimes, policy };

inline constexpr size_t model_role_count = 3;

/// By `model_role`.
inline constexpr std::array<std::string_view, model_role_count>
  model_role_names{"forecaster", "regimes", "policy"};

/// The architecture that fills each role.
inline constexpr std::array<std::string_view, model_role_count>
  model_architectures{"temporal-fusion-transformer", "contrastive-vae",
                      "decision-transformer"};

/// @relates model_role
constexpr std::string_view to_string(model_role x) noexcept {
  return model_role_names[static_cast<size_t>(x)];
}

/// @returns the role of that name in one of the lists above.
constexpr std::optional<model_role>
find_role(std::string_view name,
          const std::array<std::string_view, model_role_count>& in
          = model_role_names) noexcept {
  for (size_t i = 0; i < model_role_count; ++i)
    if (in[i] == name)
      return static_cast<model_role>(i);
  return std::nullopt;
}

/// candidate: nobody ever approved it; live: it trades; retired: it did.
enum class model_state : uint8_t { candidate, live, retired };

/// @relates model_state
constexpr std::string_view to_string(model_state x) noexcept {
  constexpr std::array<std::string_view, 3> names{"candidate", "live",
                                                  "retired"};
  return names[static_cast<size_t>(x)];
}

} // namespace qalpha
