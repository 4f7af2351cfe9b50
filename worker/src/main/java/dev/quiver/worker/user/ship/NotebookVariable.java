package dev.quiver.worker.user.ship;

/// A variable of a notebook or shell: a static field of a class that was made in memory.
///
/// @param owner the class that declares it, with slashes
public record NotebookVariable(String owner, String name) {
    /// How people call it.
    @Override
    public String toString() {
        return "variable '%s' of the notebook".formatted(name);
    }
}
