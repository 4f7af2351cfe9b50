package dev.quiver.pipeline;

/// A complete file of a unit that doesn't have its name yet.
///
/// @param target the directory that it belongs to, absolute
/// @param name below the target
/// @param temporary absolute
/// @param temporary absolute; empty when there is no file, since there are no rows
/// @param bad whether its rows are those that a gate turned away
/// @param checked the rows that this gate saw
record StagedFile(
        String target,
        String name,
        String temporary,
        long rows,
        long bytes,
        boolean bad,
        long checked) {
    boolean isFile() {
        return !temporary.isEmpty();
    }
}
