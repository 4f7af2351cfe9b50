package dev.quiver.operator;

import java.util.Optional;

/// A column whose value in all rows of a file stands in the name of its folder, such as `month=1`.
///
/// @param value of a class that `Values` lists; empty where it is null
public record FolderValue(String column, Optional<Object> value) {}
