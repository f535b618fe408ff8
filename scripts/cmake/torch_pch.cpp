// The one source of target qalpha_torch_pch, which exists for its precompiled
// header: CMake builds that only as a part of a target with a source.
