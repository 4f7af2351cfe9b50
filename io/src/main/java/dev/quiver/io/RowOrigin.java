package dev.quiver.io;

import java.util.Optional;

/// Where a row comes from.
///
/// @param source the file's path
/// @param row its line in a text file, where it begins, or its number in any other; from 1
/// @param text the row as a text file has it; empty for other files
public record RowOrigin(String source, long row, Optional<String> text) {}
